import type { EndReason } from "../../protocol/finish-reason.ts";
import type { ChatJob, CompletionJob, EmbeddingJob } from "../../protocol/job.ts";
import { seededRandom } from "../../rules/seeded-random.ts";

/**
 * An engine that leaves nothing to chance: what it writes is settled by the prompt, the seed and its artifact, so that any
 * other with the same artifact writes the same, and what the consumer must get can be computed beforehand.
 *
 * The prompt says how long the answer is, at last: `40 tokens, please` (20 if it says nothing). With a tool it calls the
 * first, and where an object is asked for it writes one. A text is gone on with as a conversation is.
 */
export interface Written {
  tokens: Token[];
  reason: EndReason;
}

export interface Token {
  text: string;
  /** It is a piece of a call of this tool and no text; the first has the name. */
  call?: { name?: string };
}

const WORDS = [
  "the",
  " cat",
  " sat",
  " on",
  " a",
  " mat",
  ",",
  " über",
  " 漢字",
  " \u{1f600}",
  "\n",
  " and",
  " so",
];
const USUAL_LENGTH = 20;

/** @param artifact tells engines apart that write different answers */
export function writeAnswer(request: ChatJob | CompletionJob, artifact: string): Written {
  const all = answerOf(request, artifact);
  const rest = request.continuation === null ? all : continued(all, request.continuation);
  const tokens = rest.slice(0, request.maxTokens);
  const calls = request.type === "chat" && request.tools.length > 0 && request.toolChoice !== "none";
  return { tokens, reason: rest.length > tokens.length ? "length" : calls ? "tool_calls" : "stop" };
}

/** The text of an undisturbed answer to these messages. */
export const textOf = ({ tokens }: Written): string => tokens.map(({ text }) => text).join("");

type Prompted = Pick<ChatJob, "messages"> | Pick<CompletionJob, "prompt"> | Pick<EmbeddingJob, "inputs">;

/** As many as the engine says; the market's own bound is some four times as many. */
export const promptTokensOf = (request: Prompted): number => Math.ceil(promptOf(request).length / 4);

function promptOf(request: Prompted): string {
  if ("messages" in request) return JSON.stringify(request.messages);
  return JSON.stringify("prompt" in request ? request.prompt : request.inputs);
}

/** How long its vectors are unless something else is asked for. */
const DIMENSIONS = 8;

/** The vector of a text, in numbers that 32 bits hold exactly. */
export function vectorOf(text: string, dimensions: number | null = null): number[] {
  const random = seededRandom(digest(text));
  return Array.from({ length: dimensions ?? DIMENSIONS }, () => (Math.floor(random() * 256) - 128) / 128);
}

function answerOf(request: ChatJob | CompletionJob, artifact: string): Token[] {
  const prompt = promptOf(request);
  const random = seededRandom(digest(`${artifact} ${request.sampling.seed} ${prompt}`));
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  const length = lengthWanted(prompt);
  if (request.type === "completion") return Array.from({ length }, () => ({ text: word() }));
  const { tools, toolChoice, responseFormat } = request;
  const [tool] = tools;
  if (tool !== undefined && toolChoice !== "none") {
    const argument = quoted(Array.from({ length: Math.max(0, length - 3) }, word));
    return [
      { text: "", call: { name: tool.function.name } },
      ...['{"text":"', ...argument, '"}'].map((text) => ({ text, call: {} })),
    ];
  }
  const texts = Array.from({ length }, word);
  if (responseFormat.type === "text") return texts.map((text) => ({ text }));
  return ['{"text":"', ...quoted(texts.slice(2)), '"}'].map((text) => ({ text }));
}

/** As they stand within a JSON string. */
const quoted = (texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text).slice(1, -1));

function lengthWanted(prompt: string): number {
  const wanted = [...prompt.matchAll(/(\d+) tokens/g)].at(-1)?.[1];
  return wanted === undefined ? USUAL_LENGTH : Number(wanted);
}

/** What is left after a beginning that ends anywhere, also within a token. A beginning of another's is gone on with anew. */
function continued(tokens: Token[], beginning: string): Token[] {
  let length = 0;
  for (const [index, { text }] of tokens.entries()) {
    if (length >= beginning.length) return tokens.slice(index);
    const known = beginning.slice(length, length + text.length);
    if (!text.startsWith(known)) return tokens.slice(index);
    length += text.length;
    if (length > beginning.length) return [{ text: text.slice(known.length) }, ...tokens.slice(index + 1)];
  }
  return [];
}

/** 32 bits by which texts differ (FNV-1a). */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
