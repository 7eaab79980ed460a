import { beginStreams, blockOfChoice, type OneChoice, wholeOfChoices } from "../../rules/choices.ts";

/**
 * An answer with several choices, each of which is the answer of a job of its own. All of them begin, or none: nothing is
 * said before each has begun, so that a refusal of one is the answer, by its own status. And all of them end, or none: what
 * ends one before its time ends them all.
 *
 * The choices are read no faster than the consumer reads. Who has gone is noticed by writing; all are given up then.
 */

/** Asks for the answer of one choice, until the signal says that nobody wants it any more. */
export type ChoiceSource = (signal: AbortSignal) => Promise<Response>;

/**
 * @param sources in the order of the choices
 * @param gone the consumer has hung up before anything was said
 * @returns with the headers of the first choice's answer, or the refusal of one
 */
export async function answerOfChoices(
  sources: readonly ChoiceSource[],
  isStream: boolean,
  gone: AbortSignal,
): Promise<Response> {
  const wanted = new AbortController();
  gone.addEventListener("abort", () => wanted.abort());
  const begun = await beginAll(sources, wanted);
  if (begun instanceof Response) return begun;
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const write = (text: string): Promise<void> => writer.write(encoder.encode(text));
  void (isStream ? writeStreams(begun, write) : writeWhole(begun, write))
    .then(
      () => writer.close(),
      (error: unknown) => (error === TOLD ? writer.close() : writer.abort(error)),
    )
    // The consumer has gone: nobody is left to be told.
    .catch(() => undefined)
    .finally(() => giveUp(begun, wanted));
  return new Response(readable, { headers: new Headers(begun[0]?.headers) });
}

const encoder = new TextEncoder();

/** Thrown where what was written says why nothing more comes. */
const TOLD = new Error("one of the choices has failed");

/** The answer of a choice, of which nothing was read yet. */
interface BegunChoice {
  job: string;
  headers: Headers;
  reader: ReadableStreamBYOBReader;
}

/** The answers of all choices, once each has begun; or the refusal of one, for which the others are given up. */
async function beginAll(
  sources: readonly ChoiceSource[],
  wanted: AbortController,
): Promise<BegunChoice[] | Response> {
  const begun: BegunChoice[] = [];
  try {
    return await Promise.all(
      sources.map(async (source) => {
        const response = await source(wanted.signal);
        if (!response.ok) throw new Refused(response);
        const choice = begunChoice(response);
        begun.push(choice);
        if (wanted.signal.aborted) giveUp([choice], wanted);
        return choice;
      }),
    );
  } catch (error) {
    giveUp(begun, wanted);
    if (error instanceof Refused) return error.response;
    throw error;
  }
}

class Refused extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super("a choice was refused");
    this.response = response;
  }
}

function begunChoice({ headers, body }: Response): BegunChoice {
  const job = headers.get("x-request-id");
  if (job === null || body === null) throw new Error("the answer of a choice has no body, or is of no job");
  return { job, headers, reader: body.getReader({ mode: "byob" }) };
}

function giveUp(begun: readonly BegunChoice[], wanted: AbortController): void {
  wanted.abort();
  for (const { reader } of begun) reader.cancel().catch(() => undefined);
}

type Write = (text: string) => Promise<void>;

async function writeStreams(begun: readonly BegunChoice[], write: Write): Promise<void> {
  const streams = beginStreams(begun.map(({ job }) => job));
  await Promise.all(
    begun.map(async ({ reader }, choice) => {
      for await (const blocks of blocksOf(reader)) {
        const text = blocks.map((block) => blockOfChoice(streams, choice, block)).join("");
        if (text !== "") await write(text);
        if (streams.hasFailed) throw TOLD;
      }
      if (!streams.ended[choice]) throw new Error("the stream of a choice was broken off");
    }),
  );
}

/** What stands between the empty lines of a stream, as much of it as comes at once. */
async function* blocksOf(reader: ReadableStreamBYOBReader): AsyncGenerator<string[]> {
  let rest = "";
  for await (const text of textsOf(reader, USUAL_BYTES)) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    yield blocks;
  }
}

/** Enough for the events that come at once. */
const USUAL_BYTES = 4_096;

async function* textsOf(reader: ReadableStreamBYOBReader, atMost: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let buffer = new Uint8Array(atMost);
  for (;;) {
    const { done, value } = await reader.read(buffer);
    if (done) return;
    yield decoder.decode(value, { stream: true });
    buffer = new Uint8Array(value.buffer);
  }
}

/**
 * The answer of a choice counts as delivered, and is paid, once it was read. So none is read further than to its first
 * character before all are there: where one fails, or the consumer has gone, nobody is paid.
 */
async function writeWhole(begun: readonly BegunChoice[], write: Write): Promise<void> {
  const beginnings = await Promise.all(
    begun.map(async ({ reader }) => {
      for await (const text of textsOf(reader, 1)) {
        if (text.trim() !== "") return text;
        // A line break, by which who has gone is noticed.
        await write(text);
      }
      throw new Error("the answer of a choice was broken off");
    }),
  );
  await write("\n");
  const [first, ...others] = await Promise.all(
    begun.map(async ({ reader }, choice): Promise<OneChoice> => {
      let json = beginnings[choice] ?? "";
      for await (const text of textsOf(reader, USUAL_BYTES)) json += text;
      return JSON.parse(json);
    }),
  );
  if (first !== undefined) await write(JSON.stringify(wholeOfChoices([first, ...others])));
}
