import * as v from "valibot";
import { ChatCompletion } from "../../protocol/chat-completion.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import { checkStream, type StreamReport } from "./stream-check.ts";

/** What a consumer got for a request, to the last byte. Times are milliseconds since it was sent. */
export interface Answer {
  /** 0 when the server could not be reached, or went away before it answered. */
  status: number;
  headers: Headers;
  /** Ours, by which the job is known in the database. */
  job: string | null;
  /** The stream, where that is what came. */
  stream: StreamReport | null;
  /** The whole answer, where that is what came. */
  whole: ChatCompletion | null;
  error: OpenAIErrorBody["error"] | null;
  /** The connection broke in the middle: by us, or by the server. */
  brokenOff: "by us" | "by the server" | null;
  firstTokenMs: number | null;
  totalMs: number;
}

export interface Asking {
  url: string;
  key: string;
  /** Of the request; `messages` and `model` at least. */
  body: { [field: string]: unknown };
  headers?: Record<string, string>;
  /** Hangs up as soon as this holds of what has come so far. */
  hangUp?: { atChunks: number } | { afterMs: number };
}

const chatPath = "/v1/chat/completions";

/** Sends a request as a careful client would and checks all that comes back against the schemas. */
export async function ask({ url, key, body, headers = {}, hangUp }: Asking): Promise<Answer> {
  const began = performance.now();
  const since = (): number => performance.now() - began;
  const abort = new AbortController();
  const timer = hangUp && "afterMs" in hangUp ? setTimeout(() => abort.abort(), hangUp.afterMs) : undefined;
  const answer: Answer = {
    status: 0,
    headers: new Headers(),
    job: null,
    stream: null,
    whole: null,
    error: null,
    brokenOff: null,
    firstTokenMs: null,
    totalMs: 0,
  };
  const bytes: Uint8Array[] = [];
  try {
    const response = await fetch(url + chatPath, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    answer.status = response.status;
    answer.headers = response.headers;
    answer.job = response.headers.get("x-request-id");
    let chunks = 0;
    for await (const piece of response.body ?? []) {
      bytes.push(piece);
      const text = Buffer.from(piece).toString("latin1");
      if (/"content":"[^"]|"tool_calls"/.test(text)) answer.firstTokenMs ??= since();
      chunks += text.split("data: {").length - 1;
      if (hangUp && "atChunks" in hangUp && chunks >= hangUp.atChunks) abort.abort();
    }
  } catch {
    answer.brokenOff = abort.signal.aborted ? "by us" : "by the server";
  }
  clearTimeout(timer);
  answer.totalMs = since();
  return read(answer, Buffer.concat(bytes), body);
}

function read(answer: Answer, bytes: Uint8Array, body: Asking["body"]): Answer {
  if (answer.status === 0) return answer;
  if (answer.headers.get("content-type")?.startsWith("text/event-stream")) {
    const options = body["stream_options"];
    const includeUsage = typeof options === "object" && options !== null && "include_usage" in options;
    const mayBreakOff = answer.brokenOff !== null;
    return { ...answer, stream: checkStream(bytes, { includeUsage, mayBreakOff }) };
  }
  if (answer.brokenOff !== null) return answer;
  const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (answer.status === 200) return { ...answer, whole: v.parse(ChatCompletion, json) };
  return { ...answer, error: v.parse(OpenAIErrorBody, json).error };
}

/**
 * A request for a text of so many tokens, as `mock-engine.ts` understands it. It asks for the cheapest provider, so that a
 * test knows who serves it.
 */
export const request = (model: string, tokens: number, more: { [field: string]: unknown } = {}) => ({
  model,
  messages: [{ role: "user", content: `${tokens} tokens, please` }],
  stream: true,
  provider: { sort: "price" },
  ...more,
});
