import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { FinishReason } from "../protocol/finish-reason.ts";
import { ResponseStreamEvent } from "../protocol/response-event.ts";
import { type OutputItem, Response, type ResponseEcho } from "../protocol/response.ts";
import { parseResponsesRequest } from "../protocol/responses.ts";
import { type AnswerPiece, usageOf } from "./answer-chunks.ts";
import { beginResponse, responseUsageOf, wholeResponse } from "./response-draft.ts";
import { closingEvents, failureEvents, finalEvent, openingEvents, pieceEvents } from "./response-events.ts";
import { eventsOfResponse } from "./response-replay.ts";
import { echoOf } from "./response-request.ts";
import { seededRandom } from "./seeded-random.ts";

function echo(): ResponseEcho {
  const parsed = parseResponsesRequest({ model: "tiny", input: "Hello!" });
  if (!parsed.ok) throw new Error(parsed.message);
  return echoOf(parsed.request);
}
const head = { job: "0123456789abcdef", created: 1_700_000_000, echo: echo() };
const usage = usageOf({ promptTokens: 7, cachedPromptTokens: 3, completionTokens: 5 }, 1_234);

const logprobOf = (token: string) => ({
  token,
  bytes: null,
  logprob: -0.5,
  top_logprobs: [{ token, bytes: [97], logprob: -0.5 }],
});

/** All events of an answer of these pieces, a token each, checked against the schema. */
function streamOf(pieces: readonly AnswerPiece[], reason: FinishReason): ResponseStreamEvent[] {
  const draft = beginResponse(head);
  const events = [
    ...openingEvents(draft),
    ...pieces.flatMap((piece) => pieceEvents(draft, piece, 1)),
    ...closingEvents(draft, reason),
    finalEvent(draft, responseUsageOf(draft, usage)),
  ];
  return checked(events);
}

/** Events as a strict reader takes them: of the schema, and numbered from zero. */
function checked(events: readonly ResponseStreamEvent[]): ResponseStreamEvent[] {
  const sent: unknown = JSON.parse(JSON.stringify(events));
  expect(v.parse(v.array(ResponseStreamEvent), sent)).toEqual(sent);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  return [...events];
}

function lastResponse(events: readonly ResponseStreamEvent[]): Response {
  const last = events.at(-1);
  if (last === undefined || !("response" in last)) throw new Error("The last event has no response.");
  return last.response;
}

/**
 * What a reader knows who hears the changes and not the sums, with whatever is out of order: an item or a part that begins
 * twice or is written to before or after its time.
 */
function readByDeltas(events: readonly ResponseStreamEvent[]): { items: unknown[]; faults: string[] } {
  const items: { item: OutputItem; text: string; isOpen: boolean; hasPart: boolean }[] = [];
  const faults: string[] = [];
  const at = (event: { output_index: number; item_id?: string; type: string }) => {
    const found = items[event.output_index];
    if (!found?.isOpen || (event.item_id !== undefined && found.item.id !== event.item_id))
      faults.push(`${event.type} of no open item`);
    return found ?? { item: null, text: "", isOpen: false, hasPart: false };
  };
  for (const event of events) {
    switch (event.type) {
      case "response.output_item.added":
        if (event.output_index !== items.length) faults.push("an item out of turn");
        if (items.some(({ isOpen, item }) => isOpen && item.type !== "function_call"))
          faults.push("an item begins within another");
        items.push({ item: event.item, text: "", isOpen: true, hasPart: false });
        break;
      case "response.content_part.added":
        at(event).hasPart = true;
        break;
      case "response.output_text.delta":
      case "response.reasoning_text.delta":
        if (!at(event).hasPart) faults.push("a text outside of its part");
        at(event).text += event.delta;
        break;
      case "response.function_call_arguments.delta":
        at(event).text += event.delta;
        break;
      case "response.output_text.done":
      case "response.reasoning_text.done":
        if (at(event).text !== event.text) faults.push("a text is another than its deltas");
        break;
      case "response.function_call_arguments.done":
        if (at(event).text !== event.arguments) faults.push("arguments are others than their deltas");
        break;
      case "response.content_part.done":
        if (at(event).text !== event.part.text) faults.push("a part is another than its deltas");
        at(event).hasPart = false;
        break;
      case "response.output_item.done": {
        const known = at(event);
        known.isOpen = false;
        if (known.item?.id !== event.item.id) faults.push("an item ends as another");
        known.item = event.item;
        break;
      }
      default:
    }
  }
  if (items.some(({ isOpen }) => isOpen)) faults.push("an item has no end");
  return { items: items.map(({ item }) => item), faults };
}

const types = (events: readonly ResponseStreamEvent[]): string[] =>
  events.map(({ type }) => type.replace("response.", ""));

describe("the events of an answer", () => {
  it("of text are those that the official API sends", () => {
    expect(types(streamOf([{ text: "Hel" }, { text: "lo" }], "stop"))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
  });

  it("end what the model thought before it answers, and keep calls open until the end", () => {
    const pieces: AnswerPiece[] = [
      { text: "", reasoning: "hm" },
      { text: "So:" },
      { text: "", toolCalls: [{ index: 4, name: "add", arguments: "{" }] },
      { text: "", toolCalls: [{ index: 7, name: "sub", arguments: "{}" }] },
      { text: "", toolCalls: [{ index: 4, arguments: "}" }] },
    ];
    const events = streamOf(pieces, "tool_calls");
    expect(types(events).slice(2, -1)).toEqual([
      "output_item.added",
      "content_part.added",
      "reasoning_text.delta",
      "reasoning_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "function_call_arguments.delta",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "function_call_arguments.done",
      "output_item.done",
    ]);
    const { output, status, usage: used } = lastResponse(events);
    expect(status).toBe("completed");
    expect(output.map(({ type }) => type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "function_call",
    ]);
    expect(output[2]).toMatchObject({ name: "add", arguments: "{}", call_id: `call_${head.job}_0` });
    expect(used?.output_tokens_details.reasoning_tokens).toBe(1);
  });

  it("of an answer with nothing in it have an empty message", () => {
    const { output } = lastResponse(streamOf([], "stop"));
    expect(output).toMatchObject([{ type: "message", content: [{ text: "" }], status: "completed" }]);
  });

  it.each([
    ["length", "max_output_tokens"],
    ["content_filter", "content_filter"],
  ] as const)("of one that ended by %s say that it is incomplete, and so is its last item", (reason, why) => {
    const events = streamOf([{ text: "", reasoning: "hm" }, { text: "So" }], reason);
    expect(events.at(-1)?.type).toBe("response.incomplete");
    const response = lastResponse(events);
    expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: why } });
    expect(response.output.map(({ status }) => status)).toEqual(["completed", "incomplete"]);
  });

  it("tell a failure with what there was, and then the error", () => {
    const draft = beginResponse(head);
    const error = { code: "provider_failed", message: "The provider was lost.", param: null } as const;
    const events = checked([
      ...openingEvents(draft),
      ...pieceEvents(draft, { text: "So" }, 1),
      ...failureEvents(draft, error),
    ]);
    expect(events.slice(-2)).toMatchObject([
      {
        type: "response.failed",
        response: {
          status: "failed",
          error: { code: "server_error", message: error.message },
          output: [{ status: "incomplete", content: [{ text: "So" }] }],
          usage: null,
        },
      },
      { type: "error", ...error },
    ]);
  });

  it("have the probabilities of the tokens of text, with their bytes in the item", () => {
    const events = streamOf([{ text: "é", logprobs: [logprobOf("é")] }], "stop");
    expect(events.find(({ type }) => type === "response.output_text.delta")).toMatchObject({
      logprobs: [{ token: "é", logprob: -0.5, top_logprobs: [{ token: "é", logprob: -0.5 }] }],
    });
    expect(lastResponse(events).output[0]).toMatchObject({
      content: [{ logprobs: [{ token: "é", bytes: [0xc3, 0xa9], top_logprobs: [{ bytes: [97] }] }] }],
    });
  });
});

describe("whatever is written", () => {
  const reasons = ["stop", "length", "tool_calls", "content_filter"] as const;

  /** A few pieces of every kind, in any order. */
  function anyPieces(seed: number): { pieces: AnswerPiece[]; reason: FinishReason } {
    const random = seededRandom(seed);
    const below = (bound: number): number => Math.floor(random() * bound);
    const begun = new Set<number>();
    const pieces = Array.from({ length: below(12) }, (_, place): AnswerPiece => {
      const kind = below(4);
      const text = `${place} `;
      if (kind === 0) return { text: "", reasoning: text };
      if (kind === 1) return { text, ...(below(2) === 0 ? {} : { logprobs: [logprobOf(text)] }) };
      if (kind === 2) return { text: below(3) === 0 ? text : "", reasoning: text };
      const index = below(3);
      const name = begun.has(index) ? {} : { name: `f${index}` };
      begun.add(index);
      return { text: "", toolCalls: [{ index, ...name, arguments: below(4) === 0 ? "" : text }] };
    });
    return { pieces, reason: reasons[below(reasons.length)] ?? "stop" };
  }

  const seeds = Array.from({ length: 100 }, (_, seed) => seed);

  it("who reads the changes, the items, the last event or the whole answer knows the same", () => {
    for (const seed of seeds) {
      const { pieces, reason } = anyPieces(seed);
      const events = streamOf(pieces, reason);
      const streamed = lastResponse(events);
      const { items, faults } = readByDeltas(events);
      expect([seed, faults]).toEqual([seed, []]);
      expect(items).toEqual(streamed.output);

      const draft = beginResponse(head);
      for (const piece of pieces) pieceEvents(draft, piece, 1);
      closingEvents(draft, reason);
      const whole = wholeResponse(draft, responseUsageOf(draft, usage));
      expect(whole).toEqual(streamed);
      expect(v.parse(Response, whole)).toEqual(whole);
    }
  });

  it("a whole answer that is told again as a stream ends by that very answer", () => {
    for (const seed of seeds) {
      const { pieces, reason } = anyPieces(seed);
      const response = lastResponse(streamOf(pieces, reason));
      const again = checked(eventsOfResponse(response));
      expect([seed, lastResponse(again)]).toEqual([seed, response]);
      expect(readByDeltas(again).faults).toEqual([]);
    }
  });
});
