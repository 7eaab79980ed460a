import * as v from "valibot";
import { FinishReason } from "../../protocol/finish-reason.ts";
import { parseJson } from "../json.ts";
import { observeAnswer, observeSilence } from "../network.ts";
import type { ChatBody } from "./conversation.ts";

/** Asks the site's chat, and hears the answer as it is written. The shapes are those of /v1 (protocol/chat-completion.ts). */

/** What is heard of an answer, in turn. */
export type Heard =
  /** Somebody serves it. */
  | { type: "begun"; job: string; provider: string | null }
  | { type: "text"; text: string }
  | { type: "thought"; text: string }
  | { type: "reason"; reason: FinishReason }
  | { type: "usage"; model: string; tokens: number; costNano: number };

/** Why there is no answer, or no more of it: a code of the API's, or `offline`, `broken_off`. */
export class AskError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the page reads of a chunk. */
const Chunk = v.object({
  model: v.string(),
  choices: v.array(
    v.object({
      delta: v.object({
        content: v.nullish(v.string(), ""),
        reasoning_content: v.optional(v.string(), ""),
        refusal: v.nullish(v.string(), ""),
      }),
      finish_reason: v.nullable(FinishReason),
    }),
  ),
  usage: v.nullish(
    v.object({
      completion_tokens: v.number(),
      cost_nano: v.pipe(v.string(), v.transform(Number), v.safeInteger()),
    }),
  ),
});

const Refusal = v.object({ error: v.object({ code: v.string(), message: v.string() }) });

function refusalIn(body: unknown): AskError | null {
  const read = v.safeParse(Refusal, body);
  return read.success ? new AskError(read.output.error.code, read.output.error.message) : null;
}

/**
 * Asks, and tells what comes until the answer has ended.
 * @param signal ends the request; what came until then is all that is paid
 * @throws AskError; the signal's reason when it was aborted
 */
export async function ask(body: ChatBody, signal: AbortSignal, hear: (heard: Heard) => void): Promise<void> {
  const response = await send(body, signal);
  if (!response.ok || response.body === null) {
    const text = await response.text();
    throw refusalIn(parseJson(text)) ?? new AskError("unexpected_answer", `HTTP ${response.status}`);
  }
  hear({
    type: "begun",
    job: response.headers.get("x-request-id") ?? "",
    provider: response.headers.get("x-provider"),
  });
  try {
    for await (const data of dataOf(response.body)) {
      if (data === "[DONE]") return;
      for (const heard of heardIn(data)) hear(heard);
    }
  } catch (thrown) {
    if (thrown instanceof AskError || signal.aborted) throw thrown;
    throw brokenOff();
  }
  throw brokenOff();
}

const brokenOff = (): AskError => new AskError("broken_off", "The answer broke off.");

async function send(body: ChatBody, signal: AbortSignal): Promise<Response> {
  try {
    const response = await fetch("/api/chat/completions", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
      signal,
    });
    observeAnswer(false);
    return response;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    observeSilence();
    throw new AskError("offline", String(thrown));
  }
}

/** @throws AskError where the event tells of one */
function heardIn(data: string): Heard[] {
  const body = parseJson(data);
  const refusal = refusalIn(body);
  if (refusal !== null) throw refusal;
  const chunk = v.safeParse(Chunk, body);
  if (!chunk.success) throw new AskError("unexpected_answer", chunk.issues[0].message);
  const { model, choices, usage } = chunk.output;
  const heard: Heard[] = choices.flatMap(({ delta, finish_reason: reason }): Heard[] => [
    ...(delta.reasoning_content === "" ? [] : [{ type: "thought", text: delta.reasoning_content } as const]),
    ...[delta.content, delta.refusal]
      .filter((text) => text !== "" && text !== null)
      .map((text) => ({ type: "text", text }) as const),
    ...(reason === null ? [] : [{ type: "reason", reason } as const]),
  ]);
  if (usage) heard.push({ type: "usage", model, tokens: usage.completion_tokens, costNano: usage.cost_nano });
  return heard;
}

/** The data of each event of a stream (HTML, "Server-sent events"), of which this site writes one line each; comments are passed over. */
export async function* dataOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split(/\r?\n/);
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) if (line.startsWith("data:")) yield line.slice(5).trimStart();
    if (done) return;
  }
}
