import { beforeEach, describe, expect, it } from "vitest";
import type { Books, BooksRule } from "../protocol/ledger.ts";
import { auditBooks } from "./books.ts";
import { endHold, placeHold, releasing } from "./ledger.ts";
import { bindings, signedUp } from "./testing.ts";

/** What the tables refuse is written all the same, by taking their guards away: a file edited by hand, a faulty disk. */
const GUARDS = ["posting_follows", "balance_is_posted", "postings_stand", "postings_stay", "events_stay"];

const run = (sql: string) => bindings.DB.prepare(sql).run();

const broken = async (...rules: BooksRule[]): Promise<Books["findings"]> => {
  const { balanced, findings } = await auditBooks(bindings);
  expect(balanced).toBe(false);
  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(rules));
  return findings;
};

let user = "";

beforeEach(async () => {
  const { username } = await signedUp();
  user =
    (await bindings.DB.prepare("SELECT id FROM users WHERE username = ?")
      .bind(username)
      .first<string>("id")) ?? "";
  await placeHold(bindings, "job", user, 700);
  await endHold(bindings, releasing({ job: "job", consumer: user, heldNano: 700 }));
  expect((await auditBooks(bindings)).findings).toEqual([]);
  for (const guard of GUARDS) await run(`DROP TRIGGER ${guard}`);
});

describe("the audit of books that were tampered with", () => {
  it("finds each rule that is broken, with the subject, what must be and what is", async () => {
    const account = `user:${user}`;

    await run(`UPDATE ledger_accounts SET balance = balance + 5 WHERE id = '${account}'`);
    expect(await broken("balance", "total")).toContainEqual({
      rule: "balance",
      subject: account,
      expectedNano: "100000000",
      foundNano: "100000005",
    });
    await run(`UPDATE ledger_accounts SET balance = balance - 5 WHERE id = '${account}'`);

    await run(`UPDATE postings SET balance = 1 WHERE event = 'hold:job' AND account = '${account}'`);
    expect(await broken("running_balance")).toMatchObject([{ expectedNano: "99999300", foundNano: "1" }]);
    await run(`UPDATE postings SET balance = 99999300 WHERE event = 'hold:job' AND account = '${account}'`);
    expect((await auditBooks(bindings)).balanced).toBe(true);

    await run(`INSERT INTO postings (event, account, amount, balance) VALUES ('hold:job', 'fees', 3, 3)`);
    expect(await broken("event_sum", "total")).toContainEqual({
      rule: "event_sum",
      subject: "hold:job",
      expectedNano: "0",
      foundNano: "3",
    });
    await run("DELETE FROM postings WHERE account = 'fees'");
    await run("UPDATE ledger_accounts SET balance = 0 WHERE id = 'fees'");

    await run(`DELETE FROM postings WHERE event = 'release:job'`);
    expect(await broken("balance", "ended_hold")).toContainEqual({
      rule: "ended_hold",
      subject: "job",
      expectedNano: "0",
      foundNano: "700",
    });
  });
});
