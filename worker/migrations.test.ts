import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accountFeed } from "./env.ts";
import { bindings } from "./testing.ts";

/** What migrations do to data that is there already. They are tried in a database of their own, inside an object. */

type Sql = DurableObjectStorage["sql"];

const apply = (sql: Sql, from: number, to: number): void => {
  for (const { queries } of env.TEST_MIGRATIONS.slice(from, to)) for (const query of queries) sql.exec(query);
};

const before = (sql: Sql): void => {
  apply(sql, 0, 2);
  sql.exec("INSERT INTO users VALUES ('u', 'u', NULL, 'U', 'x', 'organiser', 0)");
  sql.exec("INSERT INTO problems VALUES ('p', 'p', 'uuid', 'u', 'draft', 'h', '{}', '{}', '{}', 0)");
  sql.exec("INSERT INTO contests VALUES ('c', 'cup', 'Cup', 'u', 0, 1, 0, 20, 0)");
  for (const language of ["c", "cpp", "java", "javascript", "python3"]) {
    sql.exec(
      "INSERT INTO submissions (id, user, problem, language, source, bytes, submitted_at) VALUES (?1, 'u', 'p', ?1, 'text of ' || ?1, 9, 0)",
      language,
    );
    sql.exec("INSERT INTO rounds VALUES (?, 1, 'h', 'leased', 1, ?1, 'j', 0, 0, NULL)", language);
    sql.exec(
      "INSERT INTO judgements VALUES (?1, 1, 1, ?1, 'j', 'WA', NULL, 1, 1, '', 't', 'full', 0)",
      language,
    );
    sql.exec("UPDATE rounds SET state = 'judged', lease = NULL WHERE submission = ?", language);
  }
  sql.exec(
    "INSERT INTO audit_log (at, actor, action, subject, data) VALUES (0, 'u', 'contest.create', 'cup', '{}')",
  );
};

describe("the third migration", () => {
  it("keeps every source as a file, every verdict as the one that counts, and what was noted of contests", async () => {
    await runInDurableObject(accountFeed(bindings, "migrations"), (_feed, { storage: { sql } }) => {
      before(sql);
      apply(sql, 2, 3);
      expect(sql.exec("SELECT name, text, position FROM submission_files ORDER BY name").toArray()).toEqual([
        { name: "main.c", text: "text of c", position: 1 },
        { name: "main.cpp", text: "text of cpp", position: 1 },
        { name: "main.java", text: "text of java", position: 1 },
        { name: "main.js", text: "text of javascript", position: 1 },
        { name: "main.py", text: "text of python3", position: 1 },
      ]);
      const counting = sql.exec("SELECT COUNT(*) AS n FROM counting_judgements WHERE verdict = 'WA'").one();
      expect(counting).toEqual({ n: 5 });
      expect(sql.exec("SELECT contest FROM audit_log").toArray()).toEqual([{ contest: "c" }]);
      expect(sql.exec("SELECT closed, max_waiting FROM judging").toArray()).toEqual([
        { closed: null, max_waiting: 2000 },
      ]);
    });
  });
});

describe("the fifth migration", () => {
  it("gives everybody who is there, and whoever comes, an empty account and one for what is held", async () => {
    await runInDurableObject(accountFeed(bindings, "ledger"), (_feed, { storage: { sql } }) => {
      before(sql);
      apply(sql, 2, 5);
      sql.exec("INSERT INTO users VALUES ('v', 'v', NULL, 'V', 'x', 'member', 0)");
      expect(sql.exec("SELECT id, kind, user, balance FROM ledger_accounts ORDER BY id").toArray()).toEqual([
        { id: "fees", kind: "fees", user: null, balance: 0 },
        { id: "hold:u", kind: "hold", user: "u", balance: 0 },
        { id: "hold:v", kind: "hold", user: "v", balance: 0 },
        { id: "mint", kind: "mint", user: null, balance: 0 },
        { id: "user:u", kind: "user", user: "u", balance: 0 },
        { id: "user:v", kind: "user", user: "v", balance: 0 },
      ]);
    });
  });
});
