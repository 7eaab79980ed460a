import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { now } from "./clock.ts";
import { consume, Outcome, Target } from "./consumer.ts";
import { Wish } from "./model.ts";
import { endWithParent, tellParent } from "./parent.ts";

/** What the load generator is asked for. */
export const Task = v.variant("type", [
  /** Some requests, each at its time after the beginning. */
  v.object({
    type: v.literal("requests"),
    target: Target,
    requests: v.array(v.object({ afterMs: v.number(), wish: Wish, hangUpMs: v.nullable(v.number()) })),
  }),
  /** So many streams all the time, each asking anew when it has its answer; begun evenly over the length of one answer. */
  v.object({
    type: v.literal("streams"),
    target: Target,
    streams: v.number(),
    tokens: v.number(),
    tokensPerSecond: v.number(),
    /** How long is measured from when all run. */
    windowMs: v.number(),
  }),
]);
export type Task = v.InferOutput<typeof Task>;

/** What it says. Of streams, what came within the window. */
export const Said = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("outcomes"), outcomes: v.array(Outcome) }),
  v.object({ type: v.literal("window begins") }),
  v.object({ type: v.literal("window ends") }),
  v.object({
    type: v.literal("streams"),
    /** From the request to its first token, in milliseconds, of the requests begun in the window. */
    firstMs: v.instance(Float64Array),
    /** Of each token, in milliseconds. */
    latencyMs: v.instance(Float64Array),
    answers: v.number(),
    /** What went wrong, begun whenever. */
    troubles: v.array(v.string()),
  }),
]);
export type Said = v.InferOutput<typeof Said>;

const say = (said: Said): void => tellParent(said);

type RequestsTask = Extract<Task, { type: "requests" }>;
type StreamsTask = Extract<Task, { type: "streams" }>;

async function runRequests({ target, requests }: RequestsTask): Promise<void> {
  const outcomes = requests.map(async ({ afterMs, wish, hangUpMs }) => {
    if (afterMs > 0) await sleep(afterMs);
    return consume(target, wish, hangUpMs);
  });
  say({ type: "outcomes", outcomes: await Promise.all(outcomes) });
}

/** After the last stream has begun, until the first tokens have come. */
const SETTLE_MS = 500;

/** Who is refused does not ask again at once. */
const REFUSED_MS = 200;

async function runStreams(task: StreamsTask): Promise<void> {
  const { target, streams, tokens, tokensPerSecond, windowMs } = task;
  const answerMs = (tokens * 1000) / tokensPerSecond;
  const beginsAt = now() + answerMs + SETTLE_MS;
  const endsAt = beginsAt + windowMs;
  const within = (at: number): boolean => at >= beginsAt && at < endsAt;
  const firstMs: number[] = [];
  const latencyMs: number[] = [];
  const troubles: string[] = [];
  let answers = 0;
  setTimeout(() => say({ type: "window begins" }), beginsAt - now());
  setTimeout(() => say({ type: "window ends" }), endsAt - now());

  const keepAsking = async (stream: number): Promise<void> => {
    await sleep((stream * answerMs) / streams);
    for (let turn = 0; now() < endsAt; turn++) {
      const wish = { id: `${stream}-${turn}`, tokens, tokensPerSecond, firstTokenMs: 0 };
      const outcome = await consume(target, wish, null, (latency, at) => {
        if (within(at)) latencyMs.push(latency);
      });
      if (outcome.firstAt !== null && within(outcome.askedAt))
        firstMs.push(outcome.firstAt - outcome.askedAt);
      if (outcome.whole) answers++;
      else {
        troubles.push(outcome.trouble ?? "not whole");
        await sleep(REFUSED_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, stream) => keepAsking(stream)));
  say({
    type: "streams",
    firstMs: Float64Array.from(firstMs),
    latencyMs: Float64Array.from(latencyMs),
    answers,
    troubles,
  });
}

// A process when it is started as one: what asks has a processor of its own to ask from, as far as there is one.
if (process.argv[1] === import.meta.filename) {
  process.on("message", (message) => {
    const task = v.parse(Task, message);
    if (task.type === "requests") void runRequests(task);
    else void runStreams(task);
  });
  endWithParent();
  say({ type: "ready" });
}
