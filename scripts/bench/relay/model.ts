import * as v from "valibot";
import { now } from "./clock.ts";

/**
 * The model that all arms serve: it writes ` 0:81523377`, ` 1:81543390`, …, each token with its number and the microsecond
 * in which it was sent. So whoever reads it sees whether one is missing, and how long each was on its way.
 */
export const MODEL = "bench-model";

/** How the model is to answer; the text of a request's only message. */
export const Wish = v.object({
  id: v.string(),
  tokens: v.number(),
  /** Null for as fast as it can. */
  tokensPerSecond: v.nullable(v.number()),
  /** How long it thinks before its first token. */
  firstTokenMs: v.number(),
});
export type Wish = v.InferOutput<typeof Wish>;

/** A request to any of the arms. */
export const requestBody = (wish: Wish): string =>
  JSON.stringify({
    model: MODEL,
    messages: [{ role: "user", content: JSON.stringify(wish) }],
    stream: true,
    max_tokens: wish.tokens,
  });

export const readWish = (content: string): Wish => v.parse(Wish, JSON.parse(content));

const WishingRequest = v.object({ messages: v.array(v.object({ content: v.string() })) });

/** @param body as of `requestBody` */
export function wishOf(body: unknown): Wish {
  const { messages } = v.parse(WishingRequest, body);
  return readWish(messages.at(-1)?.content ?? "");
}

/** How many tokens a model in a hurry writes before it looks at anything else. */
const BURST = 16;

/** How soon it looks again whether its reader has room. */
const STOPPED_MS = 5;

/** Where an answer goes. */
export interface Reader {
  token(text: string): void;
  end(): void;
  /** Whether it has as much as it can keep. A model in a hurry waits then, as an engine with a full buffer does. */
  full(): boolean;
}

/**
 * Writes the answer that was wished for.
 * @returns stops it
 */
export function beginAnswer({ tokens, tokensPerSecond, firstTokenMs }: Wish, reader: Reader): () => void {
  const firstAt = now() + firstTokenMs;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let written = 0;
  const write = (index: number): void => reader.token(` ${index}:${Math.round(now() * 1000)}`);

  const writeOne = (): void => {
    write(written++);
    if (written >= tokens || tokensPerSecond === null) return reader.end();
    const dueAt = firstAt + (written * 1000) / tokensPerSecond;
    timer = setTimeout(writeOne, Math.max(0, dueAt - now()));
  };
  const writeMany = (): void => {
    if (reader.full()) {
      timer = setTimeout(writeMany, STOPPED_MS);
      return;
    }
    const most = Math.min(tokens, written + BURST);
    while (written < most) write(written++);
    if (written >= tokens) return reader.end();
    immediate = setImmediate(writeMany);
  };

  const begin = tokensPerSecond === null ? writeMany : writeOne;
  if (firstTokenMs > 0) timer = setTimeout(begin, firstTokenMs);
  else begin();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

const TOKEN = / (\d+):(\d+)/g;

/** The tokens in a piece of a stream: their numbers, and when they were sent by `now()`. */
export function tokensIn(text: string, heard: (index: number, sentAt: number) => void): void {
  for (const [, index, sent] of text.matchAll(TOKEN)) heard(Number(index), Number(sent) / 1000);
}
