// A page of another origin, which the server allows, signs in with the refresh token in a cookie, refreshes, reads an
// `ETag` and signs out; a page of an origin that is not allowed gets nowhere. No step but a browser tells whether the cookie,
// its prefix and what CORS says of it are what browsers want. Any surprise ends it with 1 and a message.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const { ASHLAR_CHROMIUM, ASHLAR_URL, ASHLAR_PAGE_URL, ASHLAR_EMAIL, ASHLAR_PASSWORD } = process.env;
const settings = { ASHLAR_CHROMIUM, ASHLAR_URL, ASHLAR_PAGE_URL, ASHLAR_EMAIL, ASHLAR_PASSWORD };
for (const [name, value] of Object.entries(settings)) {
  assert(value, `${name} is not set`);
}

// Far more than anything takes.
const ALL_MS = 60_000;
const COOKIE = "__Host-refresh";

const friend = await serve(Number(new URL(ASHLAR_PAGE_URL).port));
const stranger = await serve(0);
const browser = await chromium.launch({
  executablePath: ASHLAR_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const deadline = setTimeout(() => {
  console.error(`cookie: not done after ${ALL_MS / 1000} s`);
  process.exit(1);
}, ALL_MS);

try {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(ASHLAR_PAGE_URL);

  const signedIn = await call(page, "/api/v1/auth/login", {
    email: ASHLAR_EMAIL,
    password: ASHLAR_PASSWORD,
    transport: "cookie",
  });
  assert.equal(signedIn.status, 200);
  assert.deepEqual(Object.keys(signedIn.body).sort(), ["access_token", "expires_in", "status", "token_type"]);
  assert.equal(await page.evaluate(() => document.cookie), "", "a script can read the cookie");
  const first = await kept(context);
  assert(first.httpOnly && first.secure && first.sameSite === "Strict" && first.path === "/", JSON.stringify(first));

  const refreshed = await call(page, "/api/v1/auth/refresh");
  assert.equal(refreshed.status, 200);
  const second = await kept(context);
  assert.notEqual(second.value, first.value, "the cookie is the old one");
  const token = refreshed.body.access_token;
  const me = await call(page, "/api/v1/me", undefined, token);
  assert.equal(me.status, 200);
  assert.equal(me.body.email, ASHLAR_EMAIL);
  assert.match(me.etag ?? "", /^"[0-9]+"$/, "the page cannot read the ETag");

  // The same site, so the browser sends the cookie, and would take another one: it is the server that refuses.
  const other = await context.newPage();
  await other.goto(`http://127.0.0.1:${stranger.address().port}`);
  assert.equal(await call(other, "/api/v1/auth/refresh").catch(() => "unreadable"), "unreadable");
  assert.equal((await kept(context)).value, second.value, "a strange page has used the cookie");

  const signedOut = await call(page, "/api/v1/auth/logout", {}, token);
  assert.equal(signedOut.status, 204);
  assert.deepEqual(await context.cookies(), [], "the cookie is still there");
  const refused = await call(page, "/api/v1/auth/refresh");
  assert.equal(refused.status, 401);
  assert.equal(refused.body.code, "refresh_refused");
  console.log("cookie: a page of an allowed origin signs in, refreshes and signs out; another one cannot");
} catch (error) {
  console.error(`cookie: ${error.stack}`);
  process.exitCode = 1;
} finally {
  clearTimeout(deadline);
  await browser.close();
  friend.close();
  stranger.close();
}

/** An empty page on that port, or on any. */
async function serve(port) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>A page</title>");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

/** What a script of the page sees of the answer. `/me` is read, the others are posted to. */
function call(page, path, body, token) {
  const request = { url: ASHLAR_URL + path, method: path.endsWith("/me") ? "GET" : "POST", body, token };
  return page.evaluate(async ({ url, method, body, token }) => {
    const headers = {
      ...(body && { "Content-Type": "application/json" }),
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    const sent = body && JSON.stringify(body);
    const response = await fetch(url, { method, headers, body: sent, credentials: "include" });
    const text = await response.text();
    return { status: response.status, etag: response.headers.get("ETag"), body: text ? JSON.parse(text) : null };
  }, request);
}

async function kept(context) {
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map((it) => it.name), [COOKIE], JSON.stringify(cookies));
  return cookies[0];
}
