import { beforeEach, describe, expect, it } from "vitest";
import { auditBooks } from "./books.ts";
import {
  balance,
  endHold,
  endHolds,
  grant,
  type HoldEnd,
  placeHold,
  type PlacedHold,
  releasing,
  settling,
  statement,
} from "./ledger.ts";
import { bindings } from "./testing.ts";

/** Each test has accounts of its own, without an allowance. */
let ada = "";
let bob = "";
let cyn = "";

const newUser = async (): Promise<string> => {
  const id = crypto.randomUUID();
  await bindings.DB.prepare(
    `INSERT INTO users (id, username, display_name, password_hash, role, created_at) VALUES (?1, ?1, '', '-', 'member', 0)`,
  )
    .bind(id)
    .run();
  return id;
};

const give = (user: string, amountNano: number, key: string = crypto.randomUUID()) =>
  grant(bindings, { key, user, amountNano, note: "for the course", by: ada });
const job = (): string => crypto.randomUUID();
/** What `placeHold` was told in most tests. */
const hold = (id: string) => ({ job: id, consumer: bob, heldNano: 400 });
const pay = (provider: string, earnedNano: number, feeNano = 0) => ({ provider, earnedNano, feeNano });
const settle = async (held: PlacedHold, parts: Parameters<typeof settling>[1]) =>
  endHold(bindings, settling(held, parts));
const release = (held: PlacedHold) => endHold(bindings, releasing(held));
const heldFor = async (user: string): Promise<number> => (await statement(bindings, user)).heldNano;
const now = (by: "settle" | "release") => ({ type: "ended", by, now: true, ahead: false });
const before = (by: "settle" | "release") => ({ type: "ended", by, now: false, ahead: false });

beforeEach(async () => {
  [ada, bob, cyn] = [await newUser(), await newUser(), await newUser()];
  await give(bob, 1000);
});

describe("a grant", () => {
  it("is given once under its key, however often and at once it is sent", async () => {
    const key = crypto.randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => give(bob, 50, key)));
    expect(answers).toEqual(["granted", "granted", "granted"]);
    expect(await balance(bindings, bob)).toBe(1050);
  });

  it("under the key of another one gives nothing, and says so", async () => {
    const key = crypto.randomUUID();
    await give(bob, 50, key);
    expect([await give(bob, 51, key), await give(cyn, 50, key)]).toEqual(["key taken", "key taken"]);
    expect([await balance(bindings, bob), await balance(bindings, cyn)]).toEqual([1050, 0]);
  });

  it("that takes a balance beyond what a number can count gives nothing", async () => {
    expect(await give(bob, Number.MAX_SAFE_INTEGER)).toBe("too much");
    expect(await balance(bindings, bob)).toBe(1000);
    expect(await give(cyn, Number.MAX_SAFE_INTEGER)).toBe("granted");
    expect(await balance(bindings, cyn)).toBe(Number.MAX_SAFE_INTEGER);
    expect((await auditBooks(bindings)).balanced).toBe(true);
  });

  it("for nobody is an error and leaves nothing behind", async () => {
    const { events } = await auditBooks(bindings);
    await expect(give("nobody", 5)).rejects.toThrow(/constraint failed/);
    expect((await auditBooks(bindings)).events).toBe(events);
  });
});

describe("a hold", () => {
  it("moves what a job can cost at worst from the balance to what is held", async () => {
    expect(await placeHold(bindings, job(), bob, 400)).toEqual({ type: "held" });
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([600, 400]);
  });

  it("of more than there is changes nothing and says what there is", async () => {
    expect(await placeHold(bindings, job(), bob, 1001)).toEqual({ type: "insufficient", balanceNano: 1000 });
    expect(await placeHold(bindings, job(), bob, 1000)).toEqual({ type: "held" });
    expect(await placeHold(bindings, job(), bob, 1)).toEqual({ type: "insufficient", balanceNano: 0 });
  });

  it("is refused to all but those that the balance is enough for, when many jobs start at once", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => placeHold(bindings, job(), bob, 300)));
    expect(answers.filter(({ type }) => type === "held")).toHaveLength(3);
    expect(answers.filter(({ type }) => type === "insufficient")).toHaveLength(9);
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([100, 900]);
  });

  it("is placed once for a job, however often and at once it is asked for", async () => {
    const id = job();
    const answers = await Promise.all([1, 2, 3].map(() => placeHold(bindings, id, bob, 400)));
    expect(answers).toEqual([{ type: "held" }, { type: "held" }, { type: "held" }]);
    expect(await heldFor(bob)).toBe(400);
  });

  it("for a job that another hold is for, or that has ended, is none", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    expect(await placeHold(bindings, id, bob, 401)).toEqual({ type: "taken" });
    expect(await placeHold(bindings, id, ada, 400)).toEqual({ type: "taken" });
    await release(hold(id));
    expect(await placeHold(bindings, id, bob, 400)).toEqual({ type: "taken" });
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([1000, 0]);
  });

  it("of nothing is placed for an account that has nothing: free jobs have a trail, too", async () => {
    const id = job();
    expect(await placeHold(bindings, id, cyn, 0)).toEqual({ type: "held" });
    const nothing = { job: id, consumer: cyn, heldNano: 0 };
    expect(await settle(nothing, [pay(cyn, 0)])).toEqual(now("settle"));
    expect(await settle(nothing, [pay(cyn, 0)])).toEqual(before("settle"));
  });
});

describe("a job's end", () => {
  it("pays providers and platform out of the hold and gives the rest back", async () => {
    const fees = async () => Number((await auditBooks(bindings)).totals.feesNano);
    const [id, feesBefore] = [job(), await fees()];
    await placeHold(bindings, id, bob, 400);
    expect(await settle(hold(id), [pay(ada, 90, 10), pay(cyn, 45, 5)])).toEqual(now("settle"));
    expect(await Promise.all([ada, bob, cyn].map((user) => balance(bindings, user)))).toEqual([90, 850, 45]);
    expect([await heldFor(bob), (await fees()) - feesBefore]).toEqual([0, 15]);
  });

  it("is one: a second settling does nothing, nor does one with another bill", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    await settle(hold(id), [pay(ada, 100)]);
    expect(await settle(hold(id), [pay(ada, 100)])).toEqual(before("settle"));
    expect(await settle(hold(id), [pay(cyn, 400)])).toEqual(before("settle"));
    expect(await Promise.all([ada, bob, cyn].map((user) => balance(bindings, user)))).toEqual([100, 900, 0]);
  });

  it("is one: releasing after settling does nothing, nor settling after releasing", async () => {
    const [paid, free] = [job(), job()];
    await placeHold(bindings, paid, bob, 400);
    await settle(hold(paid), [pay(ada, 100)]);
    expect(await release(hold(paid))).toEqual(before("settle"));
    await placeHold(bindings, free, bob, 400);
    expect(await release(hold(free))).toEqual(now("release"));
    expect(await settle(hold(free), [pay(ada, 100)])).toEqual(before("release"));
    expect([await balance(bindings, ada), await balance(bindings, bob)]).toEqual([100, 900]);
  });

  it("is one when all ends come at once, and everybody is told of the same", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    const ends = await Promise.all([
      release(hold(id)),
      settle(hold(id), [pay(ada, 100)]),
      release(hold(id)),
      settle(hold(id), [pay(ada, 100)]),
    ]);
    expect(new Set(ends.map((end) => end.type === "ended" && end.by)).size).toBe(1);
    expect(ends.filter((end) => end.type === "ended" && end.now)).toHaveLength(1);
    expect(await heldFor(bob)).toBe(0);
  });

  it("needs a hold", async () => {
    expect(await settle(hold(job()), [pay(ada, 1)])).toEqual({ type: "not held" });
    expect(await release(hold(job()))).toEqual({ type: "not held" });
  });

  it("takes what was held, whatever its caller remembers: another amount ends nothing", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    for (const heldNano of [399, 401]) {
      await expect(release({ ...hold(id), heldNano })).rejects.toThrow(/what was held/);
    }
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([600, 400]);
  });

  it("never pays more than is held: that is an error, and the hold stays", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    await expect(settle(hold(id), [pay(ada, 400, 1)])).rejects.toThrow(/only 400 are held/);
    expect([await balance(bindings, ada), await heldFor(bob)]).toEqual([0, 400]);
  });

  it("comes for jobs that pay each other's accounts at the same time", async () => {
    await give(cyn, 1000);
    const jobs = Array.from({ length: 8 }, job);
    await Promise.all(jobs.map((id, index) => placeHold(bindings, id, index % 2 ? bob : cyn, 100)));
    const ends = await Promise.all(
      jobs.map((id, index) => {
        const [consumer, provider] = index % 2 ? [bob, cyn] : [cyn, bob];
        return settle({ job: id, consumer, heldNano: 100 }, [pay(provider, 100)]);
      }),
    );
    expect(ends).toEqual(jobs.map(() => now("settle")));
    expect([await balance(bindings, bob), await balance(bindings, cyn)]).toEqual([1000, 1000]);
  });
});

describe("holds that end in one batch", () => {
  const keyOf = async (user: string, revokedAt: number | null = null): Promise<string> => {
    const id = crypto.randomUUID();
    await bindings.DB.prepare(
      "INSERT INTO api_keys (id, user, name, secret_hash, hint, created_at, revoked_at) VALUES (?1, ?2, '', ?1, '', 0, ?3)",
    )
      .bind(id, user, revokedAt)
      .run();
    return id;
  };
  const begun = async (consumer: string, heldNano: number): Promise<PlacedHold> => {
    const held = { job: job(), consumer, heldNano };
    expect(await placeHold(bindings, held.job, consumer, heldNano)).toEqual({ type: "held" });
    return held;
  };
  const ahead = (consumer: string, heldNano: number, apiKey: string) => ({
    job: job(),
    consumer,
    heldNano,
    apiKey,
    keyVersion: 1,
  });
  const isBalanced = async (): Promise<boolean> => (await auditBooks(bindings)).balanced;

  it("pay one another's accounts, and leave each what one after the other would", async () => {
    await give(cyn, 1000);
    const ends: HoldEnd[] = [];
    for (const [index, amount] of [100, 200, 300].entries()) {
      const [consumer, provider] = index % 2 ? [bob, cyn] : [cyn, bob];
      ends.push(settling(await begun(consumer, amount), [pay(provider, amount - 20, 10)]));
    }
    ends.push(releasing(await begun(bob, 50)));
    const told = await endHolds(bindings, ends, []);
    expect(told).toEqual([now("settle"), now("settle"), now("settle"), now("release")]);
    expect([await balance(bindings, bob), await balance(bindings, cyn)]).toEqual([
      1000 + 80 + 280 - 190,
      1000 + 180 - 90 - 290,
    ]);
    expect([await heldFor(bob), await heldFor(cyn), await isBalanced()]).toEqual([0, 0, true]);
  });

  it("do not end at all if one of them can't, and then each can by itself", async () => {
    const [first, second] = [await begun(bob, 100), await begun(bob, 200)];
    await release(first);
    const ends = [releasing(first), settling(second, [pay(ada, 150)])];
    expect(await endHolds(bindings, ends, [])).toBeNull();
    expect(await heldFor(bob)).toBe(200);
    expect(
      await endHolds(bindings, [releasing({ ...second, job: job() }), ends[1] ?? releasing(second)], []),
    ).toBeNull();
    expect(await settle(second, [pay(ada, 150)])).toEqual(now("settle"));
    expect([await balance(bindings, ada), await isBalanced()]).toEqual([150, true]);
  });

  it("place those ahead as far as four times as much is left of the account's own", async () => {
    const key = await keyOf(bob);
    const holds = [await begun(bob, 100), await begun(bob, 100), await begun(bob, 100)];
    // 700 are left, 990 once all are settled: enough for 200 (of 990), for 190 (of 790), and not for 160 (of 600).
    const aheads = [ahead(bob, 200, key), ahead(bob, 190, key), ahead(bob, 160, key)];
    const ends = holds.map((held, index) => settling(held, [pay(ada, index === 0 ? 10 : 0)], aheads[index]));
    const placed = (await endHolds(bindings, ends, []))?.map((told) => told.type === "ended" && told.ahead);
    expect(placed).toEqual([true, true, false]);
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([600, 390]);
    const { results } = await bindings.DB.prepare(
      "SELECT job, held FROM holds_ahead WHERE consumer = ? ORDER BY held",
    )
      .bind(bob)
      .all();
    expect(results).toEqual([
      { job: aheads[1]?.job, held: 190 },
      { job: aheads[0]?.job, held: 200 },
    ]);
    expect(await isBalanced()).toBe(true);
  });

  it("place none ahead under a key that was revoked", async () => {
    const end = releasing(await begun(bob, 100), ahead(bob, 100, await keyOf(bob, 1)));
    expect(await endHolds(bindings, [end], [])).toEqual([now("release")]);
    expect([await balance(bindings, bob), await heldFor(bob)]).toEqual([1000, 0]);
  });
});

describe("a statement", () => {
  it("has each change of the balance and of what is held, with what it was afterwards, newest first", async () => {
    const id = job();
    await placeHold(bindings, id, bob, 400);
    await settle(hold(id), [pay(ada, 100)]);
    const { balanceNano, heldNano, entries, next } = await statement(bindings, bob);
    expect([balanceNano, heldNano, next]).toEqual([900, 0, null]);
    expect(entries.map(({ kind, of, amountNano, afterNano }) => [kind, of, amountNano, afterNano])).toEqual([
      ["settle", "balance", 300, 900],
      ["settle", "held", -400, 0],
      ["hold", "held", 400, 400],
      ["hold", "balance", -400, 600],
      ["grant", "balance", 1000, 1000],
    ]);
    expect(entries.map((entry) => [entry.job, entry.note])).toEqual([
      ...Array.from({ length: 4 }, () => [id, ""]),
      [null, "for the course"],
    ]);
  });

  it("comes in pages that leave nothing out and have nothing twice", async () => {
    for (let n = 0; n < 60; n++) await placeHold(bindings, job(), bob, 1);
    const first = await statement(bindings, bob);
    const second = await statement(bindings, bob, first.next ?? 0);
    const third = await statement(bindings, bob, second.next ?? 0);
    expect([first, second, third].map(({ entries }) => entries.length)).toEqual([50, 50, 21]);
    expect(third.next).toBeNull();
    const ids = [first, second, third].flatMap(({ entries }) => entries.map((entry) => entry.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
  });
});

describe("the tables", () => {
  const run = (sql: string, ...values: (string | number)[]) =>
    bindings.DB.prepare(sql)
      .bind(...values)
      .run();
  const post = (event: string, account: string, amount: number, after: number) =>
    run(
      "INSERT INTO postings (event, account, amount, balance) VALUES (?, ?, ?, ?)",
      event,
      account,
      amount,
      after,
    );

  it("let no balance change but by a posting, and none begin with money", async () => {
    await expect(run("UPDATE ledger_accounts SET balance = 5 WHERE id = ?", `user:${bob}`)).rejects.toThrow(
      /by postings only/,
    );
    await expect(run("UPDATE ledger_accounts SET user = ? WHERE id = 'fees'", bob)).rejects.toThrow();
    await expect(
      run("INSERT INTO ledger_accounts (id, kind, user, balance) VALUES ('user:x', 'user', ?, 5)", bob),
    ).rejects.toThrow(/by postings only/);
  });

  it("let nobody but the mint go below zero", async () => {
    await expect(post("hold:x", `user:${bob}`, -1001, -1)).rejects.toThrow(/never_below_zero/);
  });

  it("let a posting have no other running balance than its account", async () => {
    const [{ id = "" } = {}] = (
      await bindings.DB.prepare("SELECT id FROM ledger_events LIMIT 1").all<{ id: string }>()
    ).results;
    await expect(post(id, `user:${cyn}`, 5, 6)).rejects.toThrow(/follows its account/);
    await expect(post(id, "user:nobody", 5, 5)).rejects.toThrow(/follows its account/);
  });

  it.each([
    "UPDATE postings SET amount = 1",
    "DELETE FROM postings",
    "UPDATE ledger_events SET note = 'x'",
    "DELETE FROM ledger_events",
    "DELETE FROM ledger_accounts",
  ])("are only added to: %s", async (sql) => {
    await expect(run(sql)).rejects.toThrow(/only added to/);
  });

  it("keep an account that has a ledger", async () => {
    await expect(run("DELETE FROM users WHERE id = ?", bob)).rejects.toThrow(/FOREIGN KEY/);
  });

  it("take the end of no job that is not held for", async () => {
    await expect(
      run("INSERT INTO ledger_events (id, kind, job, at) VALUES ('settle:none', 'settle', 'none', 0)"),
    ).rejects.toThrow(/nothing is held/);
  });
});

describe("the audit", () => {
  it("finds nothing in books that were only written here, and tells of jobs under way", async () => {
    const at = await auditBooks(bindings);
    const id = job();
    await placeHold(bindings, id, bob, 400);
    const books = await auditBooks(bindings);
    expect([books.balanced, books.findings]).toEqual([true, []]);
    expect(books.openHolds.count - at.openHolds.count).toBe(1);
    expect([books.events - at.events, books.postings - at.postings]).toEqual([1, 2]);
    const { usersNano, heldNano, feesNano, mintNano } = books.totals;
    expect(BigInt(usersNano) + BigInt(heldNano) + BigInt(feesNano)).toBe(-BigInt(mintNano));
  });
});
