import { StringDecoder } from "node:string_decoder";
import { type Dialogue, MAX_DIALOGUE_BYTES, type Said } from "./sandbox/wire.ts";

/** Takes down a dialogue of two programs as it goes. */
export interface Recorder {
  add(by: 0 | 1, bytes: Uint8Array): void;
  dialogue(): Dialogue;
}

export function openRecorder(): Recorder {
  const said: Said[] = [];
  const bytes: [number, number] = [0, 0];
  let room = MAX_DIALOGUE_BYTES;
  let cut = false;
  return {
    add: (by, part) => {
      bytes[by] += part.length;
      // Copied, as whoever read it may use its memory again.
      if (room > 0) said.push({ by, bytes: Uint8Array.from(part.subarray(0, room)) });
      if (part.length > room) cut = true;
      room -= Math.min(room, part.length);
    },
    dialogue: () => ({ said, cut, bytes }),
  };
}

const PASS_ENDS = "---";
const CUT = "[the rest is not kept]";

/**
 * Writes dialogues as the samples of interactive problems are written (2025-09, "Interactive problems"): a line to the
 * submission begins with `<`, one from it with `>`, and `---` stands between passes. A line stands where it ended, since
 * its reader cannot have acted on it before; one that never ended stands last.
 *
 * @param passes - in each, program 0 is the submission and program 1 the validator
 */
export function transcriptOf(passes: readonly Dialogue[]): string {
  const lines: string[] = [];
  for (const [index, pass] of passes.entries()) {
    if (index > 0) lines.push(PASS_ENDS);
    lines.push(...linesOf(pass));
  }
  return limit(lines.map((line) => `${line}\n`).join(""));
}

interface Speaker {
  mark: string;
  decoder: StringDecoder;
  /** The line that has not ended yet. */
  open: string;
}

function speaker(mark: string): Speaker {
  return { mark, decoder: new StringDecoder("utf8"), open: "" };
}

function linesOf({ said, cut }: Dialogue): string[] {
  const lines: string[] = [];
  const speakers: readonly [Speaker, Speaker] = [speaker(">"), speaker("<")];
  for (const { by, bytes } of said) {
    const own = speakers[by];
    const [first = "", ...others] = own.decoder.write(Buffer.from(bytes)).split("\n");
    let open = own.open + first;
    for (const other of others) {
      lines.push(`${own.mark}${open}`);
      open = other;
    }
    own.open = open;
  }
  for (const { mark, open, decoder } of speakers) {
    const last = open + decoder.end();
    if (last !== "") lines.push(`${mark}${last}`);
  }
  return cut ? [...lines, CUT] : lines;
}

/** Marks, and characters that stand for bytes that are no UTF-8, take room that the dialogue itself did not. */
function limit(text: string): string {
  const most = 2 * MAX_DIALOGUE_BYTES;
  return text.length > most ? `${text.slice(0, most)}\n${CUT}\n` : text;
}
