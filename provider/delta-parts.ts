import { MAX_TOOLS } from "../protocol/chat-tool.ts";
import {
  MAX_DELTA_TEXT,
  MAX_DELTA_TOKENS,
  MAX_PROVIDER_FRAME_BYTES,
  type ToolCallPiece,
} from "../protocol/provider.ts";
import type { Piece } from "./engine.ts";

/** Room for what is not the piece itself, and for others' ways to count. */
const MAX_PIECE_BYTES = MAX_PROVIDER_FRAME_BYTES / 2;

/** A piece of an answer with the bytes that it takes as JSON. */
export interface DeltaPart {
  piece: Piece;
  bytes: number;
}

/**
 * A piece as parts that are each within the bounds of a delta. All of its tokens are told with the first.
 *
 * @param piece with no more tokens than a delta may have
 */
export function deltaParts(piece: Piece): DeltaPart[] {
  const { text, reasoning, toolCalls, ...tokens } = piece;
  const most = MAX_DELTA_TEXT;
  const long = (toolCalls ?? []).reduce((sum, call) => sum + call.arguments.length, 0) > most;
  if (text.length <= most && (reasoning ?? "").length <= most && !long) return [part(piece)];
  const later = { text: "", tokenCount: 0 };
  const pieces: Piece[] = [
    ...cut(reasoning ?? "", most).map((some) => ({ ...later, reasoning: some })),
    ...cut(text, most).map((some) => ({ ...later, text: some })),
    ...(toolCalls ?? [])
      .flatMap((call) => cutCall(call, most))
      .map((call) => ({ ...later, toolCalls: [call] })),
  ];
  return pieces.map((some, index) => part(index === 0 ? { ...some, ...tokens } : some));
}

/** Two parts as one; null where that would be beyond the bounds of a delta, which has one vector at most. */
export function joined(a: DeltaPart, b: DeltaPart): DeltaPart | null {
  if (a.piece.vector || b.piece.vector) return null;
  const bytes = a.bytes + b.bytes;
  if (bytes > MAX_PIECE_BYTES) return null;
  const tokenCount = a.piece.tokenCount + b.piece.tokenCount;
  const text = a.piece.text + b.piece.text;
  const reasoning = (a.piece.reasoning ?? "") + (b.piece.reasoning ?? "");
  const toolCalls = joinedCalls(a.piece.toolCalls ?? [], b.piece.toolCalls ?? []);
  const tokenIds = [...(a.piece.tokenIds ?? []), ...(b.piece.tokenIds ?? [])];
  const logprobs = [...(a.piece.logprobs ?? []), ...(b.piece.logprobs ?? [])];
  const fits =
    tokenCount <= MAX_DELTA_TOKENS &&
    text.length <= MAX_DELTA_TEXT &&
    reasoning.length <= MAX_DELTA_TEXT &&
    toolCalls.length <= MAX_TOOLS &&
    toolCalls.every((call) => call.arguments.length <= MAX_DELTA_TEXT) &&
    // All tokens have ids, or none.
    (tokenIds.length === 0 || tokenIds.length === tokenCount);
  if (!fits) return null;
  const piece: Piece = {
    text,
    tokenCount,
    ...(reasoning === "" ? {} : { reasoning }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(tokenIds.length === 0 ? {} : { tokenIds }),
    ...(logprobs.length === 0 ? {} : { logprobs }),
  };
  return { piece, bytes };
}

const encoder = new TextEncoder();

const part = (piece: Piece): DeltaPart => ({ piece, bytes: encoder.encode(JSON.stringify(piece)).length });

/** What goes on with the last call becomes part of it. */
function joinedCalls(before: readonly ToolCallPiece[], after: readonly ToolCallPiece[]): ToolCallPiece[] {
  const calls = [...before];
  for (const call of after) {
    const last = calls.at(-1);
    if (last?.index === call.index && call.name === undefined)
      calls[calls.length - 1] = { ...last, arguments: last.arguments + call.arguments };
    else calls.push(call);
  }
  return calls;
}

/** Only the first of a call's pieces has its name. */
function cutCall({ index, name, arguments: all }: ToolCallPiece, most: number): ToolCallPiece[] {
  const [first = "", ...rest] = cut(all, most);
  return [
    { index, ...(name === undefined ? {} : { name }), arguments: first },
    ...rest.map((some) => ({ index, arguments: some })),
  ];
}

/** A text in pieces of at most so many code units, none of which ends within a character; none for no text. */
function cut(text: string, most: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = Math.min(at + most, text.length);
    const splits = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    pieces.push(text.slice(at, splits ? end - 1 : end));
    at += pieces.at(-1)?.length ?? most;
  }
  return pieces;
}
