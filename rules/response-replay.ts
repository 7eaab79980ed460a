import type { ResponseStreamEvent } from "../protocol/response-event.ts";
import type { OutputItem, Response, ResponseEcho } from "../protocol/response.ts";
import type { AnswerPiece } from "./answer-chunks.ts";
import { beginResponse, jobOf } from "./response-draft.ts";
import { closingEvents, finalEvent, openingEvents, pieceEvents } from "./response-events.ts";

/** A whole answer told as a stream: its events in order, of which the last has that very answer. */
export function eventsOfResponse(response: Response): ResponseStreamEvent[] {
  const { created_at: created, status, output, usage } = response;
  if (usage === null) throw new Error("Only an answer that has its end can be told again.");
  const draft = beginResponse({ job: jobOf(response), created, echo: echoIn(response) });
  const events = openingEvents(draft);
  let calls = 0;
  let brokenOff: number | null = null;
  const add = (piece: AnswerPiece): void => void events.push(...pieceEvents(draft, piece, 0));
  for (const item of output) {
    // Two items of one kind stand beside one another where a call was written to in between.
    if (item.type !== "function_call" && calls > 0) add(writingTo(0));
    add(pieceOf(item, calls));
    if (item.type !== "function_call") continue;
    // Of several calls any may be the one that it broke off in.
    if (item.status === "incomplete") brokenOff = calls;
    calls++;
  }
  if (brokenOff !== null) add(writingTo(brokenOff));
  const why = response.incomplete_details?.reason;
  const reason = status === "completed" ? "stop" : why === "content_filter" ? why : "length";
  return [...events, ...closingEvents(draft, reason), finalEvent(draft, usage)];
}

/** Nothing more of a call, but it is the latest now. */
const writingTo = (call: number): AnswerPiece => ({
  text: "",
  toolCalls: [{ index: call, arguments: "" }],
});

function pieceOf(item: OutputItem, calls: number): AnswerPiece {
  switch (item.type) {
    case "message": {
      const [{ text, logprobs } = { text: "", logprobs: [] }] = item.content;
      return { text, logprobs };
    }
    case "reasoning":
      return { text: "", reasoning: item.content[0]?.text ?? "" };
    case "function_call":
      return { text: "", toolCalls: [{ index: calls, name: item.name, arguments: item.arguments }] };
    default:
      return item satisfies never;
  }
}

function echoIn(response: Response): ResponseEcho {
  const {
    id: _id,
    object: _object,
    created_at: _created,
    access_programs: _programs,
    status: _status,
    error: _error,
    incomplete_details: _details,
    output: _output,
    usage: _usage,
    ...echo
  } = response;
  return echo;
}
