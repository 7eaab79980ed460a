import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { ApiKeyList } from "../protocol/api-key.ts";
import { API_KEY, ApiKeySecret, MAX_KEYS } from "../protocol/market.ts";
import { sha256 } from "./digest.ts";
import { recordJob } from "./market-testing.ts";
import { accountOf, bindings, newApiKey, signedUp, Visitor } from "./testing.ts";

const keys = async (visitor: Visitor): Promise<ApiKeyList["keys"]> =>
  v.parse(ApiKeyList, await visitor.get("/api/keys")).keys;

async function refusal(response: Response): Promise<[number, string, string]> {
  const { code, details } = await response.json<ErrorBody>();
  return [response.status, code, (details ?? []).join("; ")];
}

/** What the audit log has of the visitor's doings. */
async function audited(visitor: Visitor): Promise<[string, string, unknown][]> {
  const { results } = await bindings.DB.prepare(
    "SELECT action, subject, data FROM audit_log WHERE actor = ? ORDER BY id",
  )
    .bind(await accountOf(visitor))
    .all<{ action: string; subject: string; data: string }>();
  return results.map(({ action, subject, data }) => [action, subject, JSON.parse(data)]);
}

describe("an API key", () => {
  it("is shown once, and kept as its hash only", async () => {
    const visitor = await signedUp();
    const response = await visitor.call("POST", "/api/keys", { name: " laptop " });
    expect(response.status).toBe(201);
    const made = v.parse(ApiKeySecret, await response.json());
    expect(made.name).toBe("laptop");
    expect(made.secret).toMatch(API_KEY);
    expect(await keys(visitor)).toEqual([
      {
        id: made.id,
        name: "laptop",
        hint: made.secret.slice(-4),
        createdAt: expect.any(Number),
        origins: [],
        wishes: {},
        usedAt: null,
      },
    ]);
    const row = await bindings.DB.prepare("SELECT * FROM api_keys WHERE id = ?").bind(made.id).first();
    expect(JSON.stringify(row)).not.toContain(made.secret.slice("tab-key-".length));
    expect(row?.["secret_hash"]).toBe(await sha256(made.secret));
  });

  it("is one of several, the newest first, each with when a request last came with it", async () => {
    const visitor = await signedUp();
    const consumer = await accountOf(visitor);
    const first = await newApiKey(visitor, "first");
    await newApiKey(visitor, "second");
    for (const at of [3_000, 5_000, 4_000])
      await recordJob({ id: `k-used-${at}`, consumer, key: first.id, at });
    expect((await keys(visitor)).map(({ name, usedAt }) => [name, usedAt])).toEqual([
      ["second", null],
      ["first", 5_000],
    ]);
  });

  it("is for the pages that it was made for, each named once and as browsers write it", async () => {
    const visitor = await signedUp();
    const origins = ["https://App.example.com/", "http://localhost:5173", "https://app.example.com:443"];
    const made = await newApiKey(visitor, "page", origins);
    const kept = ["https://app.example.com", "http://localhost:5173"];
    expect((await keys(visitor)).map((key) => key.origins)).toEqual([kept]);
    expect(await audited(visitor)).toEqual([
      ["key.create", made.id, { name: "page", origins: kept.join(" ") }],
    ]);
  });

  it("is gone from the list when it is revoked, and that is answered with the list", async () => {
    const visitor = await signedUp();
    const gone = await newApiKey(visitor, "gone");
    const stays = await newApiKey(visitor, "stays");
    const response = await visitor.call("DELETE", `/api/keys/${gone.id}`);
    expect(response.status).toBe(200);
    expect(v.parse(ApiKeyList, await response.json()).keys.map(({ id }) => id)).toEqual([stays.id]);
    expect(await refusal(await visitor.call("DELETE", `/api/keys/${gone.id}`))).toEqual([
      404,
      "not_found",
      "",
    ]);
    expect(await audited(visitor)).toEqual([
      ["key.create", gone.id, { name: "gone" }],
      ["key.create", stays.id, { name: "stays" }],
      ["key.revoke", gone.id, { name: "gone" }],
    ]);
  });

  it("is its account's alone: another sees and revokes nothing of it", async () => {
    const visitor = await signedUp();
    const { id } = await newApiKey(visitor);
    for (const role of ["member", "administrator"] as const) {
      const other = await signedUp(role);
      expect(await keys(other)).toEqual([]);
      expect((await other.call("DELETE", `/api/keys/${id}`)).status).toBe(404);
    }
    expect((await new Visitor().call("DELETE", `/api/keys/${id}`)).status).toBe(401);
    expect((await new Visitor().call("GET", "/api/keys")).status).toBe(401);
    expect(await keys(visitor)).toHaveLength(1);
  });

  it.each([
    ["no name", {}, /^name: /],
    ["an empty name", { name: "  " }, /^name: must not be empty/],
    ["a name too long", { name: "x".repeat(81) }, /^name: at most 80 characters/],
    ["a name that is none", { name: 7 }, /^name: /],
    [
      "an origin with a path",
      { name: "page", origins: ["https://a.example/b"] },
      /^origins\.0: not a web origin/,
    ],
    ["too many origins", { name: "page", origins: Array(21).fill("*") }, /^origins: at most 20 origins/],
    ["a secret of one's own", { name: "mine", secret: "tab-key-1" }, /secret/],
  ])("with %s is refused, naming it, and none is made", async (_what, body, details) => {
    const visitor = await signedUp();
    const [status, code, said] = await refusal(await visitor.call("POST", "/api/keys", body));
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(said).toMatch(details);
    expect(await keys(visitor)).toEqual([]);
  });

  it("is refused beyond the most that an account may have, also where many are asked for at once", async () => {
    const visitor = await signedUp();
    const asked = Array.from({ length: MAX_KEYS + 3 }, (_, n) =>
      visitor.call("POST", "/api/keys", { name: `key ${n}` }),
    );
    const refused = (await Promise.all(asked)).filter(({ status }) => status !== 201);
    expect(await Promise.all(refused.map(refusal))).toEqual(
      Array.from({ length: 3 }, () => [
        400,
        "invalid_request",
        `keys: at most ${MAX_KEYS} at once; revoke one first`,
      ]),
    );
    const [one] = await keys(visitor);
    await visitor.call("DELETE", `/api/keys/${one?.id}`);
    expect((await visitor.call("POST", "/api/keys", { name: "again" })).status).toBe(201);
    expect(await keys(visitor)).toHaveLength(MAX_KEYS);
    // What was refused is not in the audit log, as it was not done.
    expect((await audited(visitor)).filter(([action]) => action === "key.create")).toHaveLength(MAX_KEYS + 1);
  });
});
