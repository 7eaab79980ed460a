import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { parseChatRequest } from "../../protocol/chat.ts";
import type { Feature } from "../../protocol/feature.ts";
import { jobRequestOf } from "../../protocol/job.ts";
import { seededRandom } from "../../rules/seeded-random.ts";
import { type Answer, ask, request, type Asking } from "./consumer.ts";
import { writeAnswer } from "./mock-engine.ts";
import { mockOffer, startMock, type MockProvider } from "./mock-provider.ts";
import type { Fault, Place, Script } from "./mock-script.ts";
import { startMarket, type EndedJob, type MarketAccount, type MarketSite } from "./site.ts";

const long = process.env["TEST_LONG"] === "1";
const JOBS = long ? 1_000 : 100;
const KILLS = long ? 5 : 1;
const PROVIDERS = 10;
const CONSUMERS = 5;
/** So many requests are under way at once: more than there are slots. */
const AT_ONCE = 25;
const SLOTS = 2;
const MOST_IN_DELTA = 3;

/** 0.005 credits for a million tokens. */
const CHEAP = 5_000_000;

const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 2 ** 31);
const random = seededRandom(seed);
const below = (bound: number): number => Math.floor(random() * bound);
const pick = <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0];

const site: Promise<MarketSite> = startMarket({
  limits: {
    acceptMs: 1_000,
    firstTokenMs: 1_500,
    stallMs: 1_000,
    totalMs: 10_000,
    waitMs: 10_000,
    waiting: 64,
    waitingPerConsumer: 64,
  },
  // Holds are placed ahead as on any site, and given back soon enough to see that none is left.
  vars: { HOLD_AHEAD_MS: 300 },
});
const mocks: MockProvider[] = [];
afterAll(async () => {
  await Promise.all(mocks.map((mock) => mock.close()));
  await (await site).close();
});

/** One job in two is done as it should be. The more a fault holds up, the rarer it is. */
function randomScript(): Script {
  const manner: Script = {
    paceMs: pick([0, 2, 5, 15]),
    firstTokenMs: below(60),
    tokensPerDelta: 1 + below(MOST_IN_DELTA),
    tellsPrompt: random() < 0.8,
  };
  if (random() < 0.5) return manner;
  if (random() < 0.1)
    return { ...manner, claim: (used) => ({ ...used, completionTokens: 1_000, promptTokens: 100_000 }) };
  return { ...manner, fault: randomFault() };
}

function randomFault(): Fault {
  const at: Place = pick<Place>(["before accept", 0, 1, 2, 5, 10, "before end"]);
  const delta = below(8);
  return pick<Fault>([
    { type: "refuse", reason: "busy" },
    { type: "refuse", reason: "engine" },
    { type: "hush", at },
    { type: "cut", at },
    { type: "cut", at },
    { type: "fail", at, tellsUsage: random() < 0.5 },
    { type: "fail", at, tellsUsage: random() < 0.5 },
    { type: "end early", at, reason: "cancelled" },
    { type: "twice" },
    { type: "twice" },
    { type: "swapped", at: delta },
    { type: "gap", at: delta },
    { type: "miscount", by: 1 + below(3) },
    {
      type: "garbage",
      at,
      garbage: pick(["no JSON", "another protocol", "a wrong field", "binary", "too much"]),
    },
    { type: "flood", at: 1 + delta },
  ]);
}

/** What was asked, what came back, and when. */
interface Attempt {
  body: Asking["body"];
  tokens: number;
  answer: Answer;
  began: number;
  ended: number;
}

interface Kill {
  at: number;
  back: number;
}

const wasKilled = ({ began, ended }: Attempt, kills: readonly Kill[]): boolean =>
  kills.some(({ at, back }) => began <= back && ended >= at);

async function attempt(url: string, consumer: MarketAccount): Promise<Attempt> {
  const tokens = 1 + below(100);
  const more = { temperature: 0, stream: random() < 0.7, user: `${random()}` };
  const body = request("chaos", tokens, more);
  const hangUp = pick<Asking["hangUp"]>([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    { atChunks: 1 + below(tokens) },
    { afterMs: below(800) },
  ]);
  const began = performance.now();
  const answer = await ask({ url, key: consumer.key, body, ...(hangUp && { hangUp }) });
  return { body, tokens, answer, began, ended: performance.now() };
}

/** What of the engine's tokens a text holds. */
function tokensIn(text: string, body: object): number {
  let length = 0;
  return tokensOf(body).filter((token) => (length += token.length) <= text.length).length;
}

function tokensOf(body: object): string[] {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new Error(parsed.message);
  const { tokens } = writeAnswer(jobRequestOf(parsed.request, 100_000, null, false), "a");
  return tokens.map(({ text }) => text);
}

/** What a consumer may see who was not cut off by a kill: the whole answer, or an error that says so. */
function unclearEnd({ answer, body }: Attempt, job: EndedJob | null): string | null {
  const { stream, whole, error, brokenOff } = answer;
  if (stream !== null) {
    const [fault] = stream.faults;
    if (fault !== undefined) return fault;
    if (!tokensOf(body).join("").startsWith(stream.text)) return "the text is another one";
    if (stream.end === "done" && stream.text !== tokensOf(body).join("")) return "the text is not complete";
    return stream.end === "none" && brokenOff !== "by us" ? "it was broken off" : null;
  }
  if (whole !== null)
    return whole.choices[0].message.content === tokensOf(body).join("") ? null : "the text is another one";
  if (error !== null || brokenOff === "by us") return null;
  // 200 was said before it was known that nobody can answer.
  return job?.ended === "failed" ? null : `it ended with status ${answer.status}, ${brokenOff}`;
}

describe("ten providers with faults everywhere, and a server that is killed in the middle", () => {
  it(
    "every answer ends clearly, and the books are right",
    { timeout: long ? 30 * 60_000 : 240_000 },
    async () => {
      console.log(`chaos: TEST_SEED=${seed}`);
      const market = await site;
      const owners: MarketAccount[] = [];
      for (let index = 0; index < PROVIDERS; index++) {
        const owner = await market.account("0");
        const { token } = await owner.provider();
        const price = CHEAP + index * 10_000;
        const prices = { prompt: price, cachedPrompt: price, completion: price };
        const features = pick<Feature[]>([["deterministic", "prefill"], ["deterministic"], ["prefill"], []]);
        const offers = [mockOffer("chaos", { prices, features })];
        mocks.push(startMock({ url: market.url, token, offers, slots: SLOTS, script: randomScript }));
        owners.push(owner);
      }
      await Promise.all(mocks.map((mock) => mock.ready()));
      const consumers = await Promise.all(Array.from({ length: CONSUMERS }, () => market.account("1")));

      const attempts: Attempt[] = [];
      const kills: Kill[] = [];
      let begun = 0;
      const customer = async (consumer: MarketAccount): Promise<void> => {
        while (begun < JOBS) {
          begun++;
          for (let isServed = false; !isServed; await sleep(50)) {
            const one = await attempt(market.url, consumer);
            // As clients do, it is sent again where no server answered, and where no provider is there.
            isServed = ![0, 503].includes(one.answer.status) || one.answer.brokenOff === "by us";
            if (isServed) attempts.push(one);
          }
        }
      };
      const killer = async (): Promise<void> => {
        for (let kill = 1; kill <= KILLS; kill++) {
          while (attempts.length < (kill * JOBS) / (KILLS + 1)) await sleep(10);
          const at = performance.now();
          await market.crash();
          kills.push({ at, back: performance.now() });
        }
      };
      const everybody = consumers.flatMap((consumer) =>
        Array.from({ length: AT_ONCE / CONSUMERS }, () => customer(consumer)),
      );
      await Promise.all([...everybody, killer()]);

      // The sweep after the restart, and the ends that providers repeat.
      await expect.poll(async () => (await market.books()).openHolds.count).toBe(0);
      const books = await market.books();
      expect(books.findings).toEqual([]);
      const { usersNano, heldNano, feesNano, mintNano } = books.totals;
      expect([usersNano, heldNano, feesNano, mintNano].reduce((sum, nano) => sum + BigInt(nano), 0n)).toBe(
        0n,
      );
      expect(heldNano).toBe("0");
      const [lowest] = await market.rows(
        v.object({ nano: v.number() }),
        "SELECT MIN(balance) AS nano FROM postings WHERE account <> 'mint'",
      );
      expect(lowest?.nano).toBeGreaterThanOrEqual(0);

      await checkAttempts(market, attempts, kills);
      await checkEarnings(market, owners);
      await expect
        .poll(() => mocks.flatMap(({ jobs }) => jobs).filter(({ ending }) => ending !== null))
        .toEqual([]);
      expect(
        mocks.flatMap(({ complaints }) => complaints).filter((one) => !one.startsWith("unwelcome")),
      ).toEqual([]);
      const ends = Map.groupBy(attempts, ({ answer }) => endOf(answer));
      console.log(`chaos: ${[...ends].map(([end, { length }]) => `${length} ${end}`).join(", ")}`);
      expect(ends.get("done")?.length ?? 0).toBeGreaterThan(JOBS / 4);
    },
  );
});

const endOf = ({ stream, whole, error, brokenOff }: Answer): string =>
  stream?.end === "done" || whole !== null
    ? "done"
    : (stream?.error?.code ?? error?.code ?? (brokenOff === "by us" ? "hung up" : "killed"));

async function checkAttempts(
  market: MarketSite,
  attempts: readonly Attempt[],
  kills: readonly Kill[],
): Promise<void> {
  const wrong: string[] = [];
  for (const one of attempts) {
    const { answer, body } = one;
    const isKilled = wasKilled(one, kills);
    const [row] = await market.rows(
      v.object({ id: v.string() }),
      "SELECT id FROM jobs WHERE id = ?",
      answer.job ?? "",
    );
    const job = row === undefined ? null : await market.ended(row.id);
    const unclear = isKilled ? null : unclearEnd(one, job);
    if (unclear !== null) wrong.push(`${answer.job}: ${unclear}`);
    if (job === null) continue;
    if (job.completion_tokens > 0 && job.cost === 0 && job.parts.length > 0)
      wrong.push(`${answer.job}: ${job.completion_tokens} tokens cost nothing`);
    const text = answer.stream?.text ?? answer.whole?.choices[0].message.content ?? "";
    // Of a delta in the middle of which another provider goes on, tokens count by their bytes, rounded up.
    const rounded = (MOST_IN_DELTA - 1) * Math.max(0, job.parts.length - 1);
    const delivered =
      answer.brokenOff === null ? tokensIn(text, body) : Math.max(tokensIn(text, body), sentFor(answer.job));
    if (job.completion_tokens > delivered + rounded)
      wrong.push(
        `${answer.job}: paid for ${job.completion_tokens} tokens, and ${delivered} were delivered (${endOf(answer)}; ` +
          `${job.parts.map((part) => `${part.outcome} ${part.completion_tokens}`).join(", ")})`,
      );
    const claimed = answer.stream?.usage ?? answer.whole?.usage;
    if (claimed && Number(claimed.cost_nano) !== job.cost)
      wrong.push(
        `${answer.job}: ${claimed.cost_nano} was told and ${job.cost} paid (${job.ended}, ${endOf(answer)}, ${isKilled ? "killed" : "not killed"}; ` +
          `${job.parts.map((part) => `${part.outcome} ${part.completion_tokens}`).join(", ")})`,
      );
  }
  expect(wrong).toEqual([]);
}

/** How many tokens providers sent for a job: no more can have been on their way to a consumer who hung up. */
const sentFor = (id: string | null): number =>
  mocks
    .flatMap(({ jobs }) => jobs)
    .filter(({ job }) => job.job === id)
    .flatMap(({ sent }) => sent)
    .reduce((sum, { tokenCount }) => sum + tokenCount, 0);

/** Every owner has what his parts of jobs earned, and no more. */
async function checkEarnings(market: MarketSite, owners: readonly MarketAccount[]): Promise<void> {
  for (const owner of owners) {
    const [earned] = await market.rows(
      v.object({ nano: v.number() }),
      "SELECT COALESCE(SUM(earned), 0) AS nano FROM job_parts WHERE owner = ?",
      owner.id,
    );
    expect((await owner.statement()).balanceNano).toBe(earned?.nano);
  }
}
