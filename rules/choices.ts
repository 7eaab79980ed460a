import type { Usage } from "../protocol/chat-completion.ts";
import { usageOf } from "./answer-chunks.ts";
import type { Asked } from "./asked.ts";

/**
 * Answers with several choices. Each choice is a job of its own, which knows nothing of the others: what is asked is taken
 * apart here, and what is answered put together.
 */

/**
 * What the jobs of a request are asked, one for each choice, in the order of the choices: of several prompts, all choices of
 * the first come first. Where there is one choice, that is the request as it came.
 */
export function choicesOf(asked: Asked): readonly Asked[] {
  switch (asked.type) {
    case "chat": {
      const { type, request } = asked;
      return request.n === undefined || request.n === 1
        ? [asked]
        : alike(request).map((choice) => ({ type, request: choice }));
    }
    case "completions": {
      const { type, request } = asked;
      const { prompts, ...rest } = request;
      return prompts.length === 1 && (request.n === undefined || request.n === 1)
        ? [asked]
        : prompts.flatMap((prompt) =>
            alike(rest).map((choice) => ({ type, request: { ...choice, prompts: [prompt] } })),
          );
    }
    case "responses":
    case "embeddings":
      return [asked];
    default:
      return asked satisfies never;
  }
}

/** The request of each choice. Their seeds follow one another, so that they differ, and come again when asked again. */
function alike<Request extends { n?: number | undefined; seed?: number | undefined }>(
  request: Request,
): Request[] {
  const { n = 1, seed } = request;
  return Array.from({ length: n }, (_, choice) => ({
    ...request,
    n: 1,
    // Of a seed its lowest 31 bits count; beyond 53 the next number may be the same.
    ...(seed === undefined ? {} : { seed: Number(BigInt.asUintN(31, BigInt(seed) + BigInt(choice))) }),
  }));
}

/** An answer of one choice, to a conversation or to a text. */
export interface OneChoice {
  choices: readonly { index: number }[];
  usage: Usage;
}

/**
 * The whole answer out of those of its choices. It has the id of the first, and costs what they cost together.
 * @param answers in the order of the choices
 */
export const wholeOfChoices = <Answer extends OneChoice>(answers: readonly [Answer, ...Answer[]]) => ({
  ...answers[0],
  choices: answers.flatMap(({ choices }, index) => choices.map((choice) => ({ ...choice, index }))),
  usage: sumOf(answers.map(({ usage }) => usage)),
});

/** Each choice's prompt is read, and paid, for itself. */
const sumOf = (usages: readonly Usage[]): Usage => {
  const sum = (of: (usage: Usage) => number): number => usages.reduce((all, usage) => all + of(usage), 0);
  const used = {
    promptTokens: sum((usage) => usage.prompt_tokens),
    cachedPromptTokens: sum((usage) => usage.prompt_tokens_details.cached_tokens),
    completionTokens: sum((usage) => usage.completion_tokens),
  };
  return usageOf(
    used,
    sum((usage) => Number(usage.cost_nano)),
  );
};

/** What the events of a stream have as their data, in JSON. */
export type StreamData =
  | {
      id: string;
      created: number;
      choices: readonly { index: number }[];
      usage?: Usage | null;
    }
  | { error: unknown };

/**
 * One stream out of those of its choices, which come in any interleaving.
 *
 *     0: role, text, text, finish, usage, [DONE]
 *     1: role, text, finish, usage, [DONE]          -> role 0, role 1, text 0, text 1, finish 1, text 0, finish 0, usage, [DONE]
 */
export interface ChoiceStreams {
  /** The job of each choice. */
  jobs: readonly string[];
  /** Seconds since 1970-01-01 UTC, as the first chunk has it. */
  created: number | null;
  /** What each choice used, where that is told. */
  usages: Usage[];
  /** Whether each choice has come to its end. */
  ended: boolean[];
  /** One of them has come to an error. */
  hasFailed: boolean;
}

export const beginStreams = (jobs: readonly string[]): ChoiceStreams => ({
  jobs,
  created: null,
  usages: [],
  ended: jobs.map(() => false),
  hasFailed: false,
});

/**
 * What becomes of a block of a choice's stream in the stream of all. An error of one is the end of all.
 *
 * @param streams is changed
 * @param choice whose stream it is, counted from 0
 * @param block an event or a comment, without the empty line after it
 * @returns what is to be written, each with its empty line; empty for nothing
 */
export function blockOfChoice(streams: ChoiceStreams, choice: number, block: string): string {
  if (streams.hasFailed) return "";
  if (!block.startsWith("data: ")) return choice === firstOpen(streams) ? `${block}\n\n` : "";
  const data = block.slice("data: ".length);
  if (data !== "[DONE]") return chunkOfChoice(streams, choice, JSON.parse(data));
  streams.ended[choice] = true;
  return firstOpen(streams) === -1 ? "data: [DONE]\n\n" : "";
}

/** Comments tell those who wait how long: the first that they wait for speaks for the others. */
const firstOpen = ({ ended }: ChoiceStreams): number => ended.indexOf(false);

function chunkOfChoice(streams: ChoiceStreams, choice: number, data: StreamData): string {
  if ("error" in data) {
    streams.hasFailed = true;
    return event(data);
  }
  const { jobs, usages } = streams;
  streams.created ??= data.created;
  const [job = "", first = ""] = [jobs[choice], jobs[0]];
  const same = { ...data, id: data.id.replace(job, first), created: streams.created };
  if (!data.usage)
    return event({ ...same, choices: data.choices.map((each) => ({ ...each, index: choice })) });
  usages.push(data.usage);
  return usages.length < jobs.length ? "" : event({ ...same, usage: sumOf(usages) });
}

const event = (data: StreamData): string => `data: ${JSON.stringify(data)}\n\n`;
