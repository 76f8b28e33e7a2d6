// The README's tour, by a client whose types are made from the document. Where the document is wrong this does not
// compile, or what comes back is not what it says: so there is no `any` here, and no cast.

import assert from "node:assert/strict";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Problem = components["schemas"]["Problem"];
type User = components["schemas"]["User"];

const baseUrl = variable("ASHLAR_URL");
const api = createClient<paths>({ baseUrl });

await signIn();
const created = await createUser();
await list(created);
await activateAndDeactivate(created);
await change(created);
await remove(created);
console.log("The tour is over.");

async function signIn(): Promise<void> {
  const stranger = await api.GET("/api/v1/me");
  refused(stranger, 401, "unauthenticated");

  const body = { email: variable("ASHLAR_EMAIL"), password: variable("ASHLAR_PASSWORD") };
  const { access_token, token_type } = succeeded(await api.POST("/api/v1/auth/login", { body }), 200);
  assert.equal(token_type, "Bearer");

  api.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${access_token}`);
      return request;
    },
  });
  const me = succeeded(await api.GET("/api/v1/me"), 200);
  assert.equal(me.email, body.email);
  const { permissions } = succeeded(await api.GET("/api/v1/me/permissions"), 200);
  assert.ok(permissions.includes("users:create"));
}

async function createUser(): Promise<User> {
  const body = { email: `ada.${Date.now()}@example.org`, display_name: "Ada Lovelace" };
  const answer = await api.POST("/api/v1/users", { body });
  const user = succeeded(answer, 201);

  assert.equal(user.email, body.email);
  assert.equal(user.display_name, body.display_name);
  assert.equal(user.status, "pending");
  assert.equal(header(answer, "Location"), `${baseUrl}/api/v1/users/${user.id}`);

  refused(await api.POST("/api/v1/users", { body }), 409, "email_taken");
  const invalid = refused(await api.POST("/api/v1/users", { body: { ...body, email: "ada" } }), 422, "invalid");
  assert.deepEqual(invalid.errors?.map((fault) => fault.pointer), ["/email"]);
  return user;
}

/** A page a user, forwards until there is no more: everybody once. */
async function list(created: User): Promise<void> {
  const seen: User[] = [];
  let cursor: string | null | undefined;
  let total: number | null | undefined;
  do {
    const query = { limit: 1, include: "total" as const, ...(cursor ? { cursor } : {}) };
    const { data, page } = succeeded(await api.GET("/api/v1/users", { params: { query } }), 200);
    seen.push(...data);
    cursor = page.next_cursor;
    total = page.total;
    assert.equal(page.has_more, typeof cursor === "string");
  } while (cursor);

  assert.equal(seen.length, total);
  assert.equal(seen.filter((user) => user.id === created.id).length, 1);

  const query = { email: created.email };
  const found = succeeded(await api.GET("/api/v1/users", { params: { query } }), 200);
  assert.deepEqual(found.data.map((user) => user.id), [created.id]);

  refused(await api.GET("/api/v1/users", { params: { query: { cursor: "made-up" } } }), 400, "invalid_parameter");
}

async function activateAndDeactivate({ id }: User): Promise<void> {
  const path = { id };
  const pending = await seen(path);

  const activated = await api.POST("/api/v1/users/{id}/activate", {
    params: { path, header: { "If-Match": pending.tag } },
  });
  assert.equal(succeeded(activated, 200).status, "active");

  const stale = await api.POST("/api/v1/users/{id}/deactivate", {
    params: { path, header: { "If-Match": pending.tag } },
  });
  refused(stale, 412, "stale");

  const deactivated = await api.POST("/api/v1/users/{id}/deactivate", {
    params: { path, header: { "If-Match": header(activated, "ETag") } },
  });
  assert.equal(succeeded(deactivated, 200).status, "deactivated");
}

async function change({ id }: User): Promise<void> {
  const path = { id };
  const before = await seen(path);

  const changed = await api.PATCH("/api/v1/users/{id}", {
    params: { path, header: { "If-Match": before.tag } },
    headers: { "Content-Type": "application/merge-patch+json" },
    body: { display_name: "Countess of Lovelace" },
  });
  assert.equal(succeeded(changed, 200).display_name, "Countess of Lovelace");

  const after = await seen(path);
  assert.equal(after.tag, header(changed, "ETag"));
  assert.notEqual(after.tag, before.tag);
  assert.equal(after.user.email, before.user.email);
}

async function remove({ id }: User): Promise<void> {
  const params = { path: { id }, header: { "If-Match": "*" } };
  const removed = await api.DELETE("/api/v1/users/{id}", { params });
  assert.equal(removed.response.status, 204);

  const gone = await api.GET("/api/v1/users/{id}", { params: { path: { id } } });
  refused(gone, 404, "not_found");
}

/** The user, and the `ETag` of what was seen. */
async function seen(path: { id: string }): Promise<{ user: User; tag: string }> {
  const answer = await api.GET("/api/v1/users/{id}", { params: { path } });
  return { user: succeeded(answer, 200), tag: header(answer, "ETag") };
}

type Answer<Data> = { data?: Data | undefined; error?: Problem | undefined; response: Response };

function succeeded<Data>(answer: Answer<Data>, status: number): NonNullable<Data> {
  assert.equal(answer.response.status, status, JSON.stringify(answer.error));
  assert.ok(answer.data !== undefined && answer.data !== null, "it has a body");
  return answer.data;
}

function refused(answer: Answer<unknown>, status: number, code: Problem["code"]): Problem {
  assert.ok(answer.error, "it is a problem");
  assert.equal(answer.error.code, code);
  assert.equal(answer.error.status, status);
  assert.equal(answer.response.status, status);
  return answer.error;
}

function header(answer: { response: Response }, name: string): string {
  const value = answer.response.headers.get(name);
  assert.ok(value, `${name} is there`);
  return value;
}

function variable(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is set`);
  return value;
}
