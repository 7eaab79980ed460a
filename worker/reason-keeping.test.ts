import { runDurableObjectAlarm } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { market } from "./env.ts";
import { recordJob } from "./market-testing.ts";
import { dropOldReasons, REASONS_DROPPED } from "./objects/reason-keeping.ts";
import {
  accountOf,
  bindings,
  marketSays,
  newProvider,
  providerHello,
  providerSocket,
  signedUp,
} from "./testing.ts";

const DAY = 24 * 60 * 60 * 1_000;
const NOW = Date.now();
const DAYS_OLD = [1, 10, 29, 31, 40, 50, 60];

let consumer: string;
let round = 0;

beforeAll(async () => {
  consumer = await accountOf(await signedUp());
});

/** Jobs of so many days ago, each with its reasons; and the ages of those that still have them. */
async function jobs(): Promise<() => Promise<number[]>> {
  const prefix = `round-${++round}-`;
  await bindings.DB.prepare("UPDATE jobs SET reasons = NULL").run();
  for (const days of DAYS_OLD)
    await recordJob({ id: prefix + days, consumer, at: NOW - days * DAY, reasons: '{"offers":[]}' });
  await recordJob({ id: `${prefix}none`, consumer, at: 1 });
  return async () => {
    const { results } = await bindings.DB.prepare(
      "SELECT id FROM jobs WHERE reasons IS NOT NULL ORDER BY created_at DESC",
    ).all<{ id: string }>();
    return results.map(({ id }) => Number(id.replace(prefix, "")));
  };
}

it("reasons are kept for 30 days, and the newest of an installation however old they are", async () => {
  for (const [atLeast, left] of [
    [1, [1, 10, 29]],
    [4, [1, 10, 29, 31]],
    [7, DAYS_OLD],
    [10_000, DAYS_OLD],
  ] as const) {
    const kept = await jobs();
    await dropOldReasons(bindings, NOW, { ms: 30 * DAY, atLeast });
    expect([atLeast, await kept()]).toEqual([atLeast, left]);
  }
});

it("so many are dropped at once, the oldest first, until there are no more", async () => {
  const kept = await jobs();
  const drop = () => dropOldReasons(bindings, NOW, { ms: 30 * DAY, atLeast: 1 }, 3);
  expect([await drop(), await kept()]).toEqual([true, [1, 10, 29, 31]]);
  expect([await drop(), await kept()]).toEqual([false, [1, 10, 29]]);
});

it("what is looked at does not grow with the jobs that have no reasons any more", async () => {
  const plan = bindings.DB.prepare(`EXPLAIN QUERY PLAN ${REASONS_DROPPED}`).bind(NOW, 9_999, 1_000);
  const details = (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
  expect(details.filter((detail) => detail.includes("jobs_with_reasons"))).toHaveLength(2);
  expect(
    details.filter((detail) => detail.startsWith("SCAN") && !detail.includes("jobs_with_reasons")),
  ).toEqual([]);
});

it("the market does so while providers are connected, and jobs stay as they were", async () => {
  const kept = await jobs();
  const many = Array.from({ length: 10_000 }, (_, at) => `many-${at}`);
  await bindings.DB.prepare(
    `INSERT INTO jobs (id, shard, consumer, model, streamed, prompt_bound, max_tokens, held, fee_basis_points, created_at, reasons)
     SELECT value, 'other', ?, 'm', 0, 1, 1, 1, 0, ?, '{}' FROM json_each(?)`,
  )
    .bind(consumer, NOW, JSON.stringify(many))
    .run();
  const { token } = await newProvider(await signedUp(), "keeps-the-market-awake");
  const socket = await providerSocket(token);
  socket.send(providerHello());
  await socket.next(marketSays("welcome"));
  await runDurableObjectAlarm(market(bindings));
  expect((await kept()).filter((days) => days > 0)).toEqual([1, 10, 29]);
  const job = bindings.DB.prepare("SELECT model FROM jobs WHERE id = ?").bind(`round-${round}-60`);
  expect(await job.first("model")).toBe("tiny");
});
