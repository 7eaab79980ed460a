import * as v from "valibot";
import { ChatCompletionChunk, type Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";

/** What a consumer has of a streamed answer, and what is wrong with it. */
export interface StreamReport {
  /** Each rule that was broken, in a sentence with its event; empty for a good stream. */
  faults: string[];
  /** How it ended: as it should, by an error event, or by nothing. */
  end: "done" | "error" | "none";
  id: string | null;
  model: string | null;
  text: string;
  reasoning: string;
  toolCalls: { id: string; name: string; arguments: string }[];
  /** How many tokens had their probabilities told. */
  logprobs: number;
  finishReason: FinishReason | null;
  usage: Usage | null;
  error: OpenAIErrorBody["error"] | null;
  /** What stands in comments, and how many chunks had come before. */
  comments: { text: string; after: number }[];
  chunks: number;
}

export interface StreamWishes {
  /** The request had `stream_options.include_usage`. */
  includeUsage: boolean;
  /** The consumer hung up, or the server was killed: that the end is missing is no fault. */
  mayBreakOff?: boolean;
}

/**
 * Reads a streamed answer to its last byte and says whether it obeys the rules of OpenAI's API and of ours:
 *
 *     : comment                     any number, anywhere before the end
 *     data: {role}                  one, the first
 *     data: {content, …} …          all with the same id, created and model
 *     data: {finish_reason}         one, after which nothing is said
 *     data: {usage, no choices}     one, if asked for; then every other chunk has `usage: null`
 *     data: [DONE]                  the last
 *
 * or, from anywhere, `data: {error}` as the last. Every event is one line `data: ` and ends by an empty line; every line ends
 * by a line feed alone: many clients parse by hand.
 */
export function checkStream(bytes: Uint8Array, wishes: StreamWishes): StreamReport {
  const checker = new Checker(wishes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: wishes.mayBreakOff === true });
  } catch {
    checker.fault("it is no UTF-8");
    text = new TextDecoder().decode(bytes);
  }
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  for (const block of blocks) checker.block(block);
  if (rest !== "" && wishes.mayBreakOff !== true)
    checker.fault(`it ends within an event: ${excerpt(rest ?? "")}`);
  return checker.ended();
}

type Chunk = v.InferOutput<typeof ChatCompletionChunk>;
type ChunkDelta = Extract<Chunk["choices"], [unknown]>[0]["delta"];

class Checker {
  readonly #wishes: StreamWishes;
  #first: Chunk | null = null;
  readonly #report: StreamReport = {
    faults: [],
    end: "none",
    id: null,
    model: null,
    text: "",
    reasoning: "",
    toolCalls: [],
    logprobs: 0,
    finishReason: null,
    usage: null,
    error: null,
    comments: [],
    chunks: 0,
  };

  constructor(wishes: StreamWishes) {
    this.#wishes = wishes;
  }

  fault(sentence: string): void {
    this.#report.faults.push(sentence);
  }

  /** What stands between two empty lines: an event, comments, or both. */
  block(block: string): void {
    if (block === "") return this.fault("there is an empty line too many");
    if (this.#report.end !== "none") return this.fault(`something comes after the end: ${excerpt(block)}`);
    let event: string | null = null;
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.includes("\r")) this.fault("a line ends by more than a line feed");
      if (line.startsWith(":")) this.#comment(line);
      else if (line.startsWith("data: ")) data.push(line.slice("data: ".length));
      else if (line.startsWith("event: ")) event = line.slice("event: ".length);
      else this.fault(`a line is neither data, comment nor the name of an event: ${excerpt(line)}`);
    }
    if (data.length > 1) this.fault("an event has several lines of data");
    if (data.length > 0) this.#event(event, data.join("\n"));
    else if (event !== null) this.fault("an event has a name and no data");
  }

  ended(): StreamReport {
    const { end, finishReason, usage } = this.#report;
    if (end === "none" && this.#wishes.mayBreakOff !== true)
      this.fault("it ends with neither [DONE] nor an error");
    if (end === "done") {
      if (finishReason === null) this.fault("it is done without a finish_reason");
      if (usage === null && this.#wishes.includeUsage) this.fault("it is done without the usage");
    }
    return this.#report;
  }

  #comment(line: string): void {
    this.#report.comments.push({ text: line.slice(1).trim(), after: this.#report.chunks });
  }

  #event(name: string | null, data: string): void {
    if (data === "[DONE]") {
      this.#report.end = "done";
      if (name !== null) this.fault(`[DONE] has the name ${name}`);
      return;
    }
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      return this.fault(`an event is no JSON: ${excerpt(data)}`);
    }
    if (typeof json === "object" && json !== null && "error" in json) return this.#error(name, json);
    if (name !== null) this.fault(`a chunk has the name ${name}`);
    const parsed = v.safeParse(ChatCompletionChunk, json);
    if (parsed.success) return this.#chunk(parsed.output);
    const [{ message }] = parsed.issues;
    this.fault(
      `an event is no chunk (${v.getDotPath(parsed.issues[0]) ?? ""}: ${message}): ${excerpt(data)}`,
    );
  }

  #error(name: string | null, json: object): void {
    this.#report.end = "error";
    if (name !== null && name !== "error") this.fault(`an error has the name ${name}`);
    const parsed = v.safeParse(OpenAIErrorBody, json);
    if (parsed.success) this.#report.error = parsed.output.error;
    else
      this.fault(`an error is none of ours (${parsed.issues[0].message}): ${excerpt(JSON.stringify(json))}`);
  }

  #chunk(chunk: Chunk): void {
    const report = this.#report;
    report.chunks++;
    this.#sameAnswer(chunk);
    this.#usage(chunk);
    const [choice] = chunk.choices;
    if (choice === undefined) return;
    if (report.finishReason !== null) this.fault("more is said after the finish_reason");
    this.#delta(choice.delta);
    report.logprobs += choice.logprobs?.content?.length ?? 0;
    if (choice.finish_reason === null) return;
    if (report.finishReason !== null) this.fault("there is a second finish_reason");
    report.finishReason = choice.finish_reason;
    if (choice.finish_reason === "tool_calls" && report.toolCalls.length === 0)
      this.fault("it finishes by tool_calls without any");
  }

  #sameAnswer(chunk: Chunk): void {
    if (this.#first === null) {
      this.#first = chunk;
      this.#report.id = chunk.id;
      this.#report.model = chunk.model;
      if (chunk.choices[0]?.delta.role === undefined) this.fault("the first chunk has no role");
      return;
    }
    for (const key of ["id", "created", "model"] as const) {
      if (chunk[key] !== this.#first[key]) this.fault(`${key} changes to ${chunk[key]}`);
    }
    if (chunk.choices[0]?.delta.role !== undefined) this.fault("a later chunk has the role again");
  }

  #usage({ usage, choices }: Chunk): void {
    if (!this.#wishes.includeUsage) {
      if (usage !== undefined) this.fault("a chunk has a usage that nobody asked for");
      return;
    }
    if (usage === undefined) return this.fault("a chunk has no usage, not even null");
    if (usage === null) return;
    if (choices.length > 0) this.fault("the usage comes beside a choice");
    if (this.#report.usage !== null) this.fault("the usage comes twice");
    if (this.#report.finishReason === null) this.fault("the usage comes before the finish_reason");
    this.#report.usage = usage;
  }

  #delta(delta: ChunkDelta): void {
    const report = this.#report;
    report.text += delta.content ?? "";
    report.reasoning += delta.reasoning_content ?? "";
    for (const { index, id, type, function: piece } of delta.tool_calls ?? []) {
      const call = report.toolCalls[index];
      if (call !== undefined) {
        if (id !== undefined || piece?.name !== undefined)
          this.fault("a later piece of a tool call has its id or name again");
        call.arguments += piece?.arguments ?? "";
        continue;
      }
      if (index !== report.toolCalls.length) this.fault(`the tool call ${index} comes out of turn`);
      if (id === undefined || type === undefined || piece?.name === undefined)
        this.fault("a tool call begins without its id, type or name");
      if (report.toolCalls.some((other) => other.id === id)) this.fault("two tool calls have one id");
      report.toolCalls[index] = { id: id ?? "", name: piece?.name ?? "", arguments: piece?.arguments ?? "" };
    }
  }
}

const excerpt = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
