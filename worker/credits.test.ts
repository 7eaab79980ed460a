import { createExecutionContext } from "cloudflare:test";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { AccountList } from "../protocol/account.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import { Books, Granted, Statement } from "../protocol/ledger.ts";
import { parseCredits } from "../protocol/money.ts";
import { signUp } from "./accounts.ts";
import { grant } from "./ledger.ts";
import { bindings, signedUp, Visitor } from "./testing.ts";

const ALLOWANCE = parseCredits(bindings.ALLOWANCE_CREDITS);

const idOf = async (administrator: Visitor, username: string): Promise<string> => {
  const { accounts } = await administrator.get<AccountList>("/api/accounts");
  return accounts.find((account) => account.username === username)?.id ?? "";
};

const grantOf = (account: string, more: object = {}) => ({
  key: crypto.randomUUID(),
  account,
  amount: "2.5",
  note: "for the course",
  ...more,
});

const ledger = async (visitor: Visitor, query = ""): Promise<Statement> =>
  v.parse(Statement, await visitor.get(`/api/ledger${query}`));

async function refusal(response: Response): Promise<[number, string, string]> {
  const { code, details } = await response.json<ErrorBody>();
  return [response.status, code, (details ?? []).join("; ")];
}

describe("a new account", () => {
  it("gets the allowance once, and its statement says so", async () => {
    const visitor = await signedUp();
    expect(await ledger(visitor)).toMatchObject({
      balanceNano: ALLOWANCE,
      heldNano: 0,
      entries: [{ kind: "allowance", of: "balance", amountNano: ALLOWANCE, afterNano: ALLOWANCE, job: null }],
      next: null,
    });
  });

  it("gets nothing when its name is taken, and nothing where the allowance is 0", async () => {
    const { username } = await signedUp();
    const before = await bindings.DB.prepare("SELECT COUNT(*) AS n FROM ledger_events").first("n");
    const body = { username: username.toUpperCase(), password: "correct horse" };
    expect(await refusal(await new Visitor().call("POST", "/api/accounts", body))).toEqual([
      409,
      "name_taken",
      "",
    ]);
    const url = new URL("http://tabarena.test/api/accounts");
    const form = JSON.stringify({ username: "without-allowance", password: "correct horse" });
    const made = await signUp({
      request: new Request(url, { method: "POST", body: form }),
      url,
      params: {},
      env: { ...bindings, ALLOWANCE_CREDITS: "0" },
      ctx: createExecutionContext(),
    });
    expect(made.status).toBe(201);
    expect(await bindings.DB.prepare("SELECT COUNT(*) AS n FROM ledger_events").first("n")).toBe(before);
  });
});

describe("a grant", () => {
  it("is made by administrators only: nobody gives themselves credits", async () => {
    for (const role of ["member", "organiser"] as const) {
      const visitor = await signedUp(role);
      const administrator = await signedUp("administrator");
      const body = grantOf(await idOf(administrator, visitor.username));
      expect(await refusal(await visitor.call("POST", "/api/grants", body))).toEqual([403, "forbidden", ""]);
      expect((await ledger(visitor)).balanceNano).toBe(ALLOWANCE);
    }
    expect((await new Visitor().call("POST", "/api/grants", grantOf("x"))).status).toBe(401);
  });

  it("adds its credits once, is on the statement with its note, and in the audit log with who made it", async () => {
    const administrator = await signedUp("administrator");
    const visitor = await signedUp();
    const account = await idOf(administrator, visitor.username);
    const body = grantOf(account);
    for (const _ of [1, 2]) {
      const response = await administrator.call("POST", "/api/grants", body);
      expect(response.status).toBe(201);
      expect(v.parse(Granted, await response.json())).toEqual({
        account,
        balanceNano: ALLOWANCE + 2_500_000_000,
      });
    }
    expect((await ledger(visitor)).entries[0]).toMatchObject({
      kind: "grant",
      amountNano: 2_500_000_000,
      note: "for the course",
    });
    const logged = await bindings.DB.prepare(
      "SELECT actor, data FROM audit_log WHERE action = 'ledger.grant' AND subject = ?",
    )
      .bind(account)
      .all<{ actor: string; data: string }>();
    expect(logged.results.map(({ actor, data }) => [actor, JSON.parse(data)])).toEqual([
      [
        await idOf(administrator, administrator.username),
        { amountNano: 2_500_000_000, note: "for the course" },
      ],
    ]);
  });

  it.each([
    ["a number for an amount", { amount: 2.5 }, /^amount: /],
    ["an amount of nothing", { amount: "0" }, /^amount: must be more than nothing/],
    ["a negative amount", { amount: "-1" }, /^amount: not an amount of credits/],
    ["more than nine decimals", { amount: "0.0000000001" }, /^amount: .*9 decimals/],
    ["more than can be counted", { amount: "9007199.254740991" }, /^amount: an account has at most/],
    ["no note", { note: " " }, /^note: must not be empty/],
    ["a key that is none", { key: "again" }, /^key: /],
    ["a field too many", { from: "me" }, /from/],
  ])("with %s is refused, naming it, and gives nothing", async (_what, change, details) => {
    const administrator = await signedUp("administrator");
    const visitor = await signedUp();
    const body = grantOf(await idOf(administrator, visitor.username), change);
    const [status, code, said] = await refusal(await administrator.call("POST", "/api/grants", body));
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(said).toMatch(details);
    expect((await ledger(visitor)).balanceNano).toBe(ALLOWANCE);
  });

  it("to nobody, or under the key of another, is refused", async () => {
    const administrator = await signedUp("administrator");
    const account = await idOf(administrator, administrator.username);
    const send = async (body: object) =>
      (await refusal(await administrator.call("POST", "/api/grants", body)))[1];
    expect(await send(grantOf("nobody"))).toBe("not_found");
    const first = grantOf(account);
    await administrator.post("/api/grants", first);
    expect(await send({ ...first, amount: "3" })).toBe("key_taken");
  });
});

describe("a statement", () => {
  it("is one's own, in pages, for those who are signed in", async () => {
    const administrator = await signedUp("administrator");
    const visitor = await signedUp();
    const account = await idOf(administrator, visitor.username);
    const by = await idOf(administrator, administrator.username);
    for (let n = 0; n < 52; n++) {
      await grant(bindings, { key: String(n), user: account, amountNano: 1_000_000_000, note: "", by });
    }
    const first = await ledger(visitor);
    expect([first.entries.length, first.balanceNano]).toEqual([50, ALLOWANCE + 52_000_000_000]);
    const second = await ledger(visitor, `?before=${first.next}`);
    expect(second.entries.map(({ kind }) => kind)).toEqual(["grant", "grant", "allowance"]);
    expect((await ledger(await signedUp())).entries).toHaveLength(1);
    expect((await new Visitor().call("GET", "/api/ledger")).status).toBe(401);
  });

  it.each(["", "-1", "x", "1.5", "9".repeat(16)])("is refused before the entry %j", async (before) => {
    const visitor = await signedUp();
    expect(await refusal(await visitor.call("GET", `/api/ledger?before=${before}`))).toEqual([
      400,
      "invalid_request",
      "before: must be the id of an entry",
    ]);
  });
});

describe("the books", () => {
  it("are for administrators, and balanced", async () => {
    expect((await (await signedUp("organiser")).call("GET", "/api/books")).status).toBe(403);
    const books = v.parse(Books, await (await signedUp("administrator")).get("/api/books"));
    expect(books).toMatchObject({ balanced: true, findings: [], openHolds: { count: 0, oldestAt: null } });
    expect(BigInt(books.totals.usersNano)).toBe(-BigInt(books.totals.mintNano));
  });
});
