// Uses `/docs` as a person does, in a browser that may talk to this server alone: signs in, calls operations, signs
// out, pastes a token. Any console error, refused resource or broken script ends it with 1 and a message.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { ASHLAR_CHROMIUM, ASHLAR_URL, ASHLAR_EMAIL, ASHLAR_PASSWORD, ASHLAR_SCREENSHOT } = process.env;
const settings = { ASHLAR_CHROMIUM, ASHLAR_URL, ASHLAR_EMAIL, ASHLAR_PASSWORD, ASHLAR_SCREENSHOT };
for (const [name, value] of Object.entries(settings)) {
  assert(value, `${name} is not set`);
}

// Far more than anything takes: for a single step, and for everything together.
const STEP_MS = 30_000;
const ALL_MS = 180_000;

const browser = await chromium.launch({
  executablePath: ASHLAR_CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const deadline = setTimeout(() => {
  console.error(`docs: not done after ${ALL_MS / 1000} s`);
  process.exit(1);
}, ALL_MS);
const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
page.setDefaultTimeout(STEP_MS);

try {
  const complaints = watch(page);

  await opensTheDocument(page);
  await refusesAWrongPassword(page);
  await signsIn(page);
  assert.equal(JSON.parse(await execute(page, "getMe", 200)).email, ASHLAR_EMAIL);
  const users = JSON.parse(await execute(page, "listUsers", 200)).data;
  assert(users.some((it) => it.email === ASHLAR_EMAIL), `${ASHLAR_EMAIL} is not among the users`);
  await page.screenshot({ path: ASHLAR_SCREENSHOT });
  await signsOut(page);
  assert.equal(JSON.parse(await execute(page, "getMe", 401)).code, "unauthenticated");
  await pastesAToken(page);
  assert.equal(JSON.parse(await execute(page, "getMe", 200)).email, ASHLAR_EMAIL);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, "something was kept");
  await opensAProblem(page);

  // The browser reports a 401 as an error; two of them were asked for.
  const isRefusal = (it) => it.includes("status of 401");
  assert.deepEqual(complaints.filter((it) => !isRefusal(it)), [], "the browser complained");
  assert.equal(complaints.filter(isRefusal).length, 2, "a refusal too many, or too few");
  console.log("docs: Swagger UI signs in, calls, signs out and takes a token; a problem has its page");
} catch (error) {
  console.error(`docs: ${error.stack}`);
  process.exitCode = 1;
  // What it looked like then; the error above says more than a failure of this.
  await page.screenshot({ path: ASHLAR_SCREENSHOT }).catch(() => {});
} finally {
  clearTimeout(deadline);
  await browser.close();
}

/** Collects what the browser finds wrong; lets no request leave for another server. */
function watch(page) {
  const all = [];
  page.on("pageerror", (error) => all.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      all.push(`console: ${message.text()}`);
    }
  });
  page.on("requestfailed", (request) => all.push(`failed: ${request.url()}`));
  page.route("**/*", (route) => {
    const url = route.request().url();
    if (new URL(url).origin === new URL(ASHLAR_URL).origin) {
      return route.continue();
    }
    all.push(`another server was called: ${url}`);
    return route.abort();
  });
  return all;
}

async function opensTheDocument(page) {
  await page.goto(`${ASHLAR_URL}/docs`);
  await page.locator(".opblock").first().waitFor();
  const document = await (await fetch(`${ASHLAR_URL}/openapi.json`)).json();
  const operations = Object.values(document.paths).flatMap(Object.keys);
  assert.equal(await page.locator(".opblock").count(), operations.length, "every operation has its place");
}

async function openDialog(page) {
  await page.locator(".scheme-container .btn.authorize").click();
  await page.locator(".dialog-ux").waitFor();
}

async function closeDialog(page) {
  // Each kind of token has one; they do the same.
  await page.locator(".dialog-ux .btn-done").first().click();
  await page.locator(".dialog-ux").waitFor({ state: "detached" });
}

async function fillIn(page, password) {
  await page.locator(".dialog-ux").getByLabel("E-mail").fill(ASHLAR_EMAIL);
  await page.locator(".dialog-ux").getByLabel("Password").fill(password);
  await page.locator(".dialog-ux").getByRole("button", { name: "Sign in" }).click();
}

async function refusesAWrongPassword(page) {
  await openDialog(page);
  await fillIn(page, `not ${ASHLAR_PASSWORD}`);
  const refusal = page.locator(".dialog-ux").getByRole("alert");
  await refusal.waitFor();
  assert.equal(await refusal.textContent(), "Nobody is signed in by that");
  const left = await page.locator(".dialog-ux").getByLabel("Password").inputValue();
  assert(left === "", "the form kept the password");
  await closeDialog(page);
}

async function signsIn(page) {
  await openDialog(page);
  await fillIn(page, ASHLAR_PASSWORD);
  await page.locator(".dialog-ux h6", { hasText: "Authorized" }).waitFor();
  assert.equal(await page.locator(".dialog-ux .sign-in").count(), 0, "who is signed in is not asked again");
  await closeDialog(page);
}

async function signsOut(page) {
  await openDialog(page);
  await page.locator(".dialog-ux").getByRole("button", { name: "Remove authorization" }).click();
  await page.locator(".dialog-ux .sign-in").waitFor();
  await closeDialog(page);
}

async function pastesAToken(page) {
  const response = await fetch(`${ASHLAR_URL}/api/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: ASHLAR_EMAIL, password: ASHLAR_PASSWORD }),
  });
  assert.equal(response.status, 200);
  const { access_token } = await response.json();
  await openDialog(page);
  // API keys have a place of their own.
  const place = page.locator(".dialog-ux form", { hasText: "access_token" });
  await place.locator("#auth-bearer-value").fill(access_token);
  await place.getByRole("button", { name: "Apply credentials" }).click();
  await page.locator(".dialog-ux h6", { hasText: "Authorized" }).waitFor();
  await closeDialog(page);
}

/** Opens the operation if it is closed, executes it, and gives the body of an answer with that status. */
async function execute(page, operationId, status) {
  const operation = page.locator(`.opblock[id$="-${operationId}"]`);
  if ((await operation.locator(".opblock-body").count()) === 0) {
    await operation.locator(".opblock-summary-control").click();
    await operation.getByRole("button", { name: "Try it out" }).click();
  } else {
    await operation.getByRole("button", { name: "Clear" }).click();
  }
  await operation.getByRole("button", { name: "Execute" }).click();
  const answered = operation.locator(".live-responses-table .response-col_status").last();
  await answered.waitFor();
  const body = await operation.locator(".live-responses-table .response-col_description .microlight").first().innerText();
  assert.equal(Number.parseInt(await answered.innerText(), 10), status, `${operationId}: ${body}`);
  return body;
}

async function opensAProblem(page) {
  const response = await page.goto(`${ASHLAR_URL}/problems/not_found`);
  assert.equal(response.status(), 200);
  const text = await page.locator("body").innerText();
  for (const part of ["404 not_found", "There is no such thing"]) {
    assert(text.includes(part), `/problems/not_found does not say ${part}: ${text}`);
  }
  await page.getByRole("link", { name: "All problems" }).click();
  await page.getByRole("link", { name: "404 not_found" }).waitFor();
}
