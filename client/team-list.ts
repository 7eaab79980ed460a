import type { TeamListChoices } from "../protocol/team-list.ts";
import { decodeList, encodingOf, type ListEncoding } from "../rules/team-csv-decode.ts";
import { layoutOf } from "../rules/team-csv-layout.ts";

/** A list of teams as it is being looked at: typed or pasted text, or a file with what it is read as. */
export interface ListDraft {
  text: string;
  file: { bytes: Uint8Array; name: string; encoding: ListEncoding; guessed: boolean } | null;
  choices: TeamListChoices;
}

const detected: TeamListChoices = { separator: null, header: null, columns: null };

export const emptyDraft: ListDraft = { text: "", file: null, choices: detected };

export function draftOfFile(name: string, bytes: Uint8Array): ListDraft {
  const { encoding, guessed } = encodingOf(bytes);
  return {
    text: decodeList(bytes, encoding),
    file: { bytes, name, encoding, guessed },
    choices: detected,
  };
}

/** The same file, read as something else. */
export function reread(draft: ListDraft, encoding: ListEncoding): ListDraft {
  if (draft.file === null) return draft;
  const text = decodeList(draft.file.bytes, encoding);
  return { text, file: { ...draft.file, encoding, guessed: false }, choices: detected };
}

/** A column of the list: what it is taken for, how its header calls it and what stands first in it. */
export interface ShownColumn {
  holds: NonNullable<TeamListChoices["columns"]>[number];
  title: string;
  sample: string;
}

/** The columns as the list will be read. Choices for a table of another width, made before it was edited, hold no more. */
export function columnsOf({ text, choices }: ListDraft): ShownColumn[] {
  const layout = layoutOf(text, { ...choices, columns: null });
  const columns = fits(choices, layout.columns.length) ? choices.columns : layout.columns;
  return (columns ?? layout.columns).map((holds, at) => ({
    holds,
    title: layout.header?.cells[at]?.trim() ?? "",
    sample: layout.records[0]?.cells[at]?.trim() ?? "",
  }));
}

/** The draft's choices, as the server is told them. */
export function choicesOf(draft: ListDraft): TeamListChoices {
  const { choices } = draft;
  return fits(choices, columnsOf(draft).length) ? choices : { ...choices, columns: null };
}

const fits = ({ columns }: TeamListChoices, width: number): boolean =>
  columns !== null && columns.length === width;
