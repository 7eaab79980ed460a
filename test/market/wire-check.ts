import * as v from "valibot";
import { afterEach, expect } from "vitest";
import { ChatCompletion } from "../../protocol/chat-completion.ts";
import { EmbeddingsResponse } from "../../protocol/embeddings.ts";
import { Model, ModelList } from "../../protocol/model.ts";
import { OpenAIErrorBody, openAIErrors } from "../../protocol/openai-error.ts";
import { ResponseStreamEvent } from "../../protocol/response-event.ts";
import { Response as ResponseAnswer } from "../../protocol/response.ts";
import { TextCompletion, TextCompletionChunk } from "../../protocol/text-completion.ts";
import { checkStream } from "./stream-check.ts";

/** One request with what came back for it. */
export interface Exchange {
  /** With `/v1` or without. */
  path: string;
  /** The request's JSON; null for none. */
  request: unknown;
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** Whether the answer was read to its end; the client may have hung up. */
  isWhole: boolean;
}

/** Stands between a client and the server, and looks at all that comes back. */
export interface Wire {
  /** To be given to a client in place of the usual one. */
  fetch: typeof fetch;
  /** The statuses that came, in their order. */
  readonly statuses: readonly number[];
}

/** A wire whose faults make the test fail in which they came. */
export function watchedWire(): Wire {
  const { faults, ...wire } = wireOver(fetch);
  afterEach(() => expect(faults()).toEqual([]));
  return wire;
}

/** @returns `faults` empties the wire: what clients have not read to the end until then is checked as far as it goes */
export function wireOver(send: typeof fetch): Wire & { faults: () => string[] } {
  const statuses: number[] = [];
  const faults: string[] = [];
  const open = new Set<() => void>();
  return {
    statuses,
    fetch: async (input, init) => {
      const response = await send(input, init);
      statuses.push(response.status);
      const exchange: Omit<Exchange, "bytes" | "isWhole"> = {
        path: new URL(input instanceof Request ? input.url : input).pathname,
        request: typeof init?.body === "string" ? JSON.parse(init.body) : null,
        status: response.status,
        headers: response.headers,
      };
      const pieces: Uint8Array[] = [];
      const ended = (isWhole: boolean): void => {
        if (!open.delete(hungUp)) return;
        faults.push(...faultsOf({ ...exchange, bytes: Buffer.concat(pieces), isWhole }));
      };
      const hungUp = (): void => ended(false);
      open.add(hungUp);
      const body = readThrough(response.body, pieces, ended);
      const { status, statusText, headers } = response;
      return new Response(body, { status, statusText, headers });
    },
    faults: () => {
      for (const hangUp of open) hangUp();
      return faults.splice(0);
    },
  };
}

function readThrough(
  body: ReadableStream<Uint8Array> | null,
  pieces: Uint8Array[],
  ended: (isWhole: boolean) => void,
): ReadableStream<Uint8Array> {
  const reader = (body ?? new Blob().stream()).getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          pieces.push(value);
          return controller.enqueue(value);
        }
        ended(true);
        controller.close();
      } catch (error) {
        ended(false);
        controller.error(error);
      }
    },
    async cancel(reason) {
      ended(false);
      await reader.cancel(reason);
    },
  });
}

/** Each rule of the API that an answer breaks, in a sentence; empty for a good one. */
export function faultsOf(exchange: Exchange): string[] {
  const { path, status, headers, isWhole } = exchange;
  const where = `${path} answers ${status}: `;
  const faults = headers.get("x-request-id") ? [] : ["it has no x-request-id"];
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (status !== 200) faults.push(...(isWhole ? refusalFaults(exchange) : []));
  else if (isStream !== wantsStream(exchange.request))
    faults.push("it is a stream, or none, unlike what was asked for");
  else if (isStream) faults.push(...streamFaults(exchange));
  else if (isWhole) faults.push(...bodyFaults(exchange));
  return faults.map((fault) => where + fault);
}

/** What is answered at an address: whole, and as a stream where there is one. */
const answers: readonly [
  path: RegExp,
  body: v.GenericSchema,
  stream: ((exchange: Exchange) => string[]) | null,
][] = [
  [/^(\/v1)?\/chat\/completions$/, ChatCompletion, chatStreamFaults],
  [/^(\/v1)?\/completions$/, TextCompletion, textStreamFaults],
  [/^(\/v1)?\/responses$/, ResponseAnswer, responseStreamFaults],
  [/^(\/v1)?\/embeddings$/, EmbeddingsResponse, null],
  [/^(\/v1)?\/models$/, ModelList, null],
  [/^(\/v1)?\/models\/.+$/, Model, null],
];

const UNKNOWN = "nothing is known of this address";
const answerAt = (path: string) => answers.find(([pattern]) => pattern.test(path));

const StreamFields = v.object({
  stream: v.nullish(v.boolean(), false),
  n: v.nullish(v.number()),
  stream_options: v.nullish(v.object({ include_usage: v.nullish(v.boolean(), false) })),
});
const streamFields = (request: unknown) => v.parse(StreamFields, request ?? {});
const wantsStream = (request: unknown): boolean => streamFields(request).stream;
const wantsUsage = (request: unknown): boolean =>
  streamFields(request).stream_options?.include_usage === true;

const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

function bodyFaults({ path, bytes }: Exchange): string[] {
  const schema = answerAt(path)?.[1];
  return schema === undefined ? [UNKNOWN] : shapeFaults(schema, textOf(bytes));
}

function streamFaults(exchange: Exchange): string[] {
  const check = answerAt(exchange.path)?.[2] ?? null;
  return check === null ? [UNKNOWN] : check(exchange);
}

function shapeFaults(schema: v.GenericSchema, json: string): string[] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), json);
  if (parsed.success) return [];
  return [`${v.getDotPath(parsed.issues[0]) ?? ""} ${parsed.issues[0].message}: ${json.slice(0, 300)}`];
}

function refusalFaults({ status, headers, bytes }: Exchange): string[] {
  const text = textOf(bytes);
  const wrong = shapeFaults(OpenAIErrorBody, text);
  if (wrong.length > 0) return wrong;
  const { code } = v.parse(OpenAIErrorBody, JSON.parse(text)).error;
  const known = openAIErrors[code];
  return [
    ...(known.status === status ? [] : [`${code} has the status ${known.status}`]),
    ...(headers.get("x-should-retry") === String(known.retry)
      ? []
      : [`x-should-retry is not that of ${code}`]),
  ];
}

/** Of several choices each is a stream of its own, with what they have in common: comments, the usage, the end. */
function chatStreamFaults({ request, bytes, isWhole }: Exchange): string[] {
  const wishes = { includeUsage: wantsUsage(request), mayBreakOff: !isWhole };
  const choices = streamFields(request).n ?? 1;
  if (choices === 1) return checkStream(bytes, wishes).faults;
  const blocks = textOf(bytes).split("\n\n");
  return Array.from({ length: choices }, (_, choice) => {
    const own = blocks.filter((block) => {
      const index = /^data: .*?"choices":\[\{"index":(\d+)/.exec(block)?.[1];
      return index === undefined || Number(index) === choice;
    });
    const { faults } = checkStream(new TextEncoder().encode(own.join("\n\n")), wishes);
    return faults.map((fault) => `choice ${choice}: ${fault}`);
  }).flat();
}

/** As chat's, of other chunks: nothing after the end of a choice but the usage, and [DONE] or an error as the last. */
function textStreamFaults({ request, bytes, isWhole }: Exchange): string[] {
  const blocks = textOf(bytes).split("\n\n");
  const faults = blocks.pop() !== "" && isWhole ? ["it ends within an event"] : [];
  const events = blocks.filter((block) => !isComment(block));
  const last = events.at(-1);
  const isDone = last === "data: [DONE]";
  const isBroken = last?.startsWith('data: {"error"') === true;
  if (isWhole && !isDone && !isBroken) faults.push(`it ends with neither [DONE] nor an error: ${last ?? ""}`);
  const chunks = isDone || isBroken ? events.slice(0, -1) : events;
  if (isBroken) faults.push(...shapeFaults(OpenAIErrorBody, last.replace(/^data: /, "")));
  const open = new Map<number, boolean>();
  let used = 0;
  for (const [at, block] of chunks.entries()) {
    const data = /^data: (.+)$/.exec(block)?.[1] ?? "";
    const wrong = shapeFaults(TextCompletionChunk, data);
    faults.push(...wrong);
    if (wrong.length > 0) continue;
    const { choices, usage } = v.parse(TextCompletionChunk, JSON.parse(data));
    if ((usage !== undefined) !== wantsUsage(request))
      faults.push(`the chunk ${at} has a usage unlike what was asked for`);
    if (usage) used++;
    for (const { index, finish_reason: reason } of choices) {
      if (open.get(index) === false) faults.push(`more is said after the finish_reason of choice ${index}`);
      open.set(index, reason === null);
    }
  }
  if (isDone && [...open.values()].includes(true)) faults.push("it is done without a finish_reason");
  if (isDone && used !== (wantsUsage(request) ? 1 : 0)) faults.push(`it has the usage ${used} times`);
  return faults;
}

const isComment = (block: string): boolean => /^(:.*\n?)+$/.test(block);

const ENDS: readonly string[] = ["response.completed", "response.incomplete", "error"];

/** `event: NAME`, `data: JSON` and an empty line, numbered from 0; comments may stand between. */
function responseStreamFaults({ bytes, isWhole }: Exchange): string[] {
  const blocks = textOf(bytes).split("\n\n");
  const rest = blocks.pop();
  const faults: string[] = [];
  if (rest !== "" && isWhole) faults.push("it ends within an event");
  const types: string[] = [];
  for (const block of blocks.filter((text) => !isComment(text))) {
    const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
    if (data === undefined) {
      faults.push(`an event is not a name and a line of data: ${block.slice(0, 300)}`);
      continue;
    }
    const wrong = shapeFaults(ResponseStreamEvent, data);
    faults.push(...wrong);
    if (wrong.length > 0) continue;
    const { type, sequence_number: number } = v.parse(ResponseStreamEvent, JSON.parse(data));
    if (type !== name) faults.push(`the event ${type} has the name ${name}`);
    if (number !== types.length) faults.push(`the event ${types.length} has the number ${number}`);
    if (ENDS.includes(types.at(-1) ?? "")) faults.push(`${type} comes after the end`);
    types.push(type);
  }
  if (isWhole && !ENDS.includes(types.at(-1) ?? "")) faults.push(`it ends by ${types.at(-1) ?? "nothing"}`);
  return faults;
}
