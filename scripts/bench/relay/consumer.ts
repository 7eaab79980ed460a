import { Agent, request } from "node:http";
import * as v from "valibot";
import { now } from "./clock.ts";
import { requestBody, tokensIn, type Wish } from "./model.ts";

/** Where to ask, and as whom. */
export const Target = v.object({ url: v.string(), headers: v.record(v.string(), v.string()) });
export type Target = v.InferOutput<typeof Target>;

/** What became of a request. Times by `now()`. */
export const Outcome = v.object({
  id: v.string(),
  askedAt: v.number(),
  /** When the first token came; null for never. */
  firstAt: v.nullable(v.number()),
  lastAt: v.nullable(v.number()),
  /** When the first token was sent. */
  firstSentAt: v.nullable(v.number()),
  endedAt: v.number(),
  hungUpAt: v.nullable(v.number()),
  tokens: v.number(),
  /** Every token came once and in order, then the reason of the end, then [DONE]. */
  whole: v.boolean(),
  /** What is wrong with what is not whole. */
  trouble: v.nullable(v.string()),
});
export type Outcome = v.InferOutput<typeof Outcome>;

const agent = new Agent({ keepAlive: true, maxFreeSockets: 4096 });

/** An answer that has not ended by then never will. */
const LATEST_MS = 180_000;

/** Of what an error says, as much as is shown. */
const TROUBLE_LENGTH = 400;

/**
 * Asks for an answer and reads it to its end, looking at no more of it than it must: how fast a client is, is not measured.
 *
 * @param hangUpMs how long it waits before it hangs up; null for not at all
 * @param heard told each token with how long it was on its way, in milliseconds, and when it came
 */
export function consume(
  target: Target,
  wish: Wish,
  hangUpMs: number | null,
  heard: (latencyMs: number, at: number) => void = () => {},
): Promise<Outcome> {
  const body = requestBody(wish);
  const askedAt = now();
  let firstAt: number | null = null;
  let firstSentAt: number | null = null;
  let lastAt: number | null = null;
  let hungUpAt: number | null = null;
  let tokens = 0;
  let inOrder = true;
  let finished = false;
  let done = false;
  let trouble: string | null = null;
  let rest = "";
  let timer: NodeJS.Timeout | undefined;

  return new Promise((resolve) => {
    const end = (why: string | null): void => {
      clearTimeout(timer);
      clearTimeout(late);
      const whole = inOrder && finished && done && tokens === wish.tokens;
      if (!whole && hungUpAt === null)
        trouble ??=
          why ?? `${tokens} of ${wish.tokens} tokens${inOrder ? "" : ", not in order"}, then: ${rest}`;
      const endedAt = now();
      const { id } = wish;
      resolve({ id, askedAt, firstAt, lastAt, firstSentAt, endedAt, hungUpAt, tokens, whole, trouble });
    };
    const asked = request(`${target.url}/v1/chat/completions`, {
      agent,
      method: "POST",
      headers: { ...target.headers, "content-type": "application/json", "content-length": body.length },
    });
    const leave = (): void => {
      hungUpAt = now();
      asked.destroy();
    };
    const late = setTimeout(() => asked.destroy(new Error(`no end after ${LATEST_MS} ms`)), LATEST_MS);
    if (hangUpMs !== null) timer = setTimeout(leave, hangUpMs);

    const read = (piece: Buffer): void => {
      const at = now();
      const text = rest + piece.toString("latin1");
      const cut = text.lastIndexOf("\n\n") + 2;
      if (cut < 2) {
        rest = text;
        return;
      }
      const events = text.slice(0, cut);
      rest = text.slice(cut);
      const before = tokens;
      tokensIn(events, (index, sentAt) => {
        inOrder &&= index === tokens++;
        firstAt ??= at;
        firstSentAt ??= sentAt;
        heard(at - sentAt, at);
      });
      if (tokens > before) lastAt = at;
      if (tokens === wish.tokens || tokens === before) readEnd(events);
    };
    const readEnd = (events: string): void => {
      finished ||= events.includes('"finish_reason":"stop"');
      done ||= events.includes("data: [DONE]");
      if (events.includes('"error"')) trouble ??= events.slice(0, TROUBLE_LENGTH);
    };

    asked.on("response", (response) => {
      response.on("data", (piece: Buffer) => {
        if (response.statusCode === 200) read(piece);
        else rest += piece.toString();
      });
      response.once("end", () => end(response.statusCode === 200 ? null : `${response.statusCode}: ${rest}`));
      response.once("error", (error) => end(error.message));
    });
    asked.once("error", (error) => end(error.message));
    asked.once("close", () => end("closed without an answer"));
    asked.end(body);
  });
}
