import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ContestFormat } from "../protocol/contest-format.ts";
import { TimedContest } from "../protocol/contest-times.ts";
import { type Board, ContestEvent } from "../protocol/contest.ts";
import { boardOf, emptyFold, fold, type View } from "../rules/contest-board.ts";
import { undecided } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
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

describe("the eleventh migration", () => {
  const hour = 3_600_000;
  const log: readonly object[] = [
    {
      type: "contest",
      clock: { startAt: 1000, durationMs: 5 * hour, freezeMs: hour, penaltyMinutes: 15 },
      problems: [
        { label: "A", colour: "#d1495b" },
        { label: "B", colour: "#2e86ab" },
      ],
    },
    { type: "team", team: "t", name: "Team" },
    { type: "submission", submission: "first", team: "t", label: "A", at: hour },
    { type: "judgement", submission: "first", round: 1, verdict: "WA" },
    { type: "submission", submission: "second", team: "t", label: "A", at: 2 * hour },
    { type: "judgement", submission: "second", round: 1, verdict: "AC" },
    { type: "submission", submission: "frozen", team: "t", label: "B", at: 4 * hour },
    { type: "judgement", submission: "frozen", round: 1, verdict: "AC" },
  ];

  function contestOfOld(sql: Sql): void {
    sql.exec('UPDATE problems SET facts = \'{"types":["scoring"]}\'');
    sql.exec(
      "INSERT INTO problems SELECT 'q', 'q', 'other', owner, state, package_hash, name, '{\"types\":[\"pass-fail\"]}', report, imported_at, shares_yardstick FROM problems",
    );
    sql.exec(
      "UPDATE contests SET start_at = 1000, duration_ms = ?, freeze_ms = ?, penalty_minutes = 15",
      5 * hour,
      hour,
    );
    sql.exec(
      "INSERT INTO contest_problems VALUES ('c', 'p', 'A', '#d1495b', 0), ('c', 'q', 'B', '#2e86ab', 1)",
    );
    sql.exec("INSERT INTO teams (id, contest, name, created_at) VALUES ('t', 'c', 'Team', 0)");
    for (const [id, at] of [
      ["first", hour],
      ["second", 2 * hour],
      ["frozen", 4 * hour],
    ]) {
      sql.exec(
        `INSERT INTO submissions (id, user, problem, contest, team, language, bytes, submitted_at, contest_time_ms)
         VALUES (?1, 'u', 'p', 'c', 't', 'c', 9, 1000 + ?2, ?2)`,
        id,
        at,
      );
    }
    sql.exec(
      "INSERT INTO rounds (submission, round, package_hash, state, attempt, lease, judge, priority, queued_at) VALUES ('second', 1, 'h', 'leased', 1, 'l', 'j', 0, 0)",
    );
    sql.exec(
      "INSERT INTO judgements (submission, round, attempt, lease, judge, verdict, score, cpu_ms, memory_kib, compile_output, toolchain, level, judged_at) VALUES ('second', 1, 1, 'l', 'j', 'AC', 70.5, 1, 1, '', 't', 'full', 0)",
    );
    log.forEach((event, index) => {
      sql.exec("INSERT INTO contest_events VALUES ('c', ?, ?, 0)", index + 1, JSON.stringify(event));
    });
  }

  function boardAfter(sql: Sql, view: View): Board {
    const folded = emptyFold();
    for (const { event } of sql.exec<{ event: string }>("SELECT event FROM contest_events ORDER BY seq"))
      fold(folded, v.parse(ContestEvent, JSON.parse(event)));
    return boardOf(folded, 0, 100 * hour, view);
  }

  it("keeps every contest, and its log shows the board of before: frozen for ever, until somebody thaws it", async () => {
    await runInDurableObject(accountFeed(bindings, "times"), (_feed, { storage: { sql } }) => {
      before(sql);
      apply(sql, 2, 10);
      contestOfOld(sql);
      apply(sql, 10, 11);
      const [row] = sql
        .exec<Record<string, string>>("SELECT timed, format, languages, version FROM contests")
        .toArray();
      const timed = v.parse(TimedContest, JSON.parse(row?.["timed"] ?? ""));
      expect(timed).toEqual(undecided(timesOf({ startAt: 1000, durationMs: 5 * hour, freezeMs: hour })));
      expect(v.parse(ContestFormat, JSON.parse(row?.["format"] ?? ""))).toEqual({
        type: "icpc",
        penaltyMinutes: 15,
      });
      expect(row).toMatchObject({ languages: null, version: 1 });

      const board = boardAfter(sql, "public");
      expect(board).toMatchObject({
        timed,
        status: { state: "ended", boardFrozen: true },
        problems: [
          { label: "A", maxScore: null },
          { label: "B", maxScore: "pass-fail" },
        ],
        teams: [{ id: "t", name: "Team", group: null, organisation: null }],
        cells: [
          { label: "A", attempts: 2, pending: 0, solvedAt: 2 * hour, penalty: 120 + 15 },
          { label: "B", attempts: 0, pending: 1, solvedAt: null },
        ],
      });
      expect(boardAfter(sql, "jury").cells).toMatchObject([{}, { label: "B", solvedAt: 4 * hour }]);
      const judged = sql.exec(
        "SELECT event ->> 'score' AS score FROM contest_events WHERE seq IN (4, 6) ORDER BY seq",
      );
      expect(judged.toArray()).toEqual([{ score: null }, { score: 70.5 }]);
    });
  });

  it("leaves the log append-only, and lets no contest be changed by who did not see its last change", async () => {
    await runInDurableObject(accountFeed(bindings, "times"), (_feed, { storage: { sql } }) => {
      expect(() => sql.exec("UPDATE contest_events SET seq = 100")).toThrow("append-only");
      expect(() => sql.exec("UPDATE contests SET name = 'Other'")).toThrow("stale contest");
      sql.exec("UPDATE contests SET name = 'Other', version = version + 1");
      expect(() => sql.exec("UPDATE contests SET name = 'Late', version = 2")).toThrow("stale contest");
    });
  });
});
