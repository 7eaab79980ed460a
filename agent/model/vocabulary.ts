/**
 * A vocabulary of the kind that llama.cpp calls SPM ("tokenizer.ggml.model" = "llama"): pieces with scores, of which the
 * two neighbours that make the best piece are joined first; what has no piece is spelt in bytes. Spaces are written ▁.
 * It is built like byte pair encoding (Sennrich, Haddow, Birch 2016): the n-th join learnt gets the score -n.
 */
export interface Piece {
  text: string;
  score: number;
  kind: keyof typeof pieceKinds;
}

/** As llama.cpp numbers them (enum llama_token_type). */
export const pieceKinds = { normal: 1, unknown: 2, control: 3, unused: 5, byte: 6 } as const;

export interface Vocabulary {
  pieces: readonly Piece[];
  ids: ReadonlyMap<string, number>;
}

export const BEGIN_OF_TEXT = "<s>";
export const TURN_START = "<|im_start|>";
export const TURN_END = "<|im_end|>";

const SPACE = "▁";
const controls = [BEGIN_OF_TEXT, "</s>", TURN_START, TURN_END];
const FIRST_BYTE = 1;
const asWritten = (text: string): string => text.replaceAll(" ", SPACE);
/** No piece goes beyond one of these, so that a space is only ever at a piece's start. */
const words = new RegExp(`${SPACE}?[A-Za-z]+|${SPACE}?[0-9]+|${SPACE}+|[^]`, "gu");
/** Where no piece can be joined with what precedes it: these parts are tokenised by themselves. */
const parts = new RegExp(`${SPACE}+[^${SPACE}]*|[^${SPACE}]+`, "gu");

/**
 * Learns a vocabulary of `size` pieces from `texts`.
 *
 * @throws RangeError if the texts have too few different words, or too many characters, for the size
 */
export function learnVocabulary(texts: readonly string[], size: number): Vocabulary {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [word] of asWritten(text).matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const fixed = 1 + 256 + controls.length + characters.length;
  const joins = learnJoins(counts, size - fixed);
  if (fixed + joins.length !== size) throw new RangeError(`these texts make no vocabulary of ${size} pieces`);
  const pieces: Piece[] = [
    { text: "<unk>", score: 0, kind: "unknown" },
    ...Array.from({ length: 256 }, (_, byte): Piece => ({ text: bytePiece(byte), score: 0, kind: "byte" })),
    ...controls.map((text): Piece => ({ text, score: 0, kind: "control" })),
    ...[...joins, ...characters].map((text, rank): Piece => ({ text, score: -rank - 1, kind: "normal" })),
  ];
  return { pieces, ids: new Map(pieces.map(({ text }, id) => [text, id])) };
}

const bytePiece = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
/** What gets a piece of its own however rare; other characters are spelt in bytes. */
const characters = [
  SPACE,
  "\n",
  ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)),
];

/** The most frequent pair of neighbours becomes a piece, and so on, `count` times or until every pair is rare. */
function learnJoins(counts: ReadonlyMap<string, number>, count: number): string[] {
  const spelt = [...counts]
    .filter(([, times]) => times > 1)
    .map(([word, times]) => ({ letters: [...word], times }))
    .filter(({ letters }) => letters.every((letter) => characters.includes(letter)));
  const joins = new Set<string>();
  while (joins.size < count) {
    const pairs = new Map<string, number>();
    for (const { letters, times } of spelt)
      for (const pair of neighbours(letters)) pairs.set(pair, (pairs.get(pair) ?? 0) + times);
    const [best, times] = [...pairs].reduce((most, pair) => (pair[1] > most[1] ? pair : most), ["", 1]);
    if (times < 2) break;
    joins.add(best);
    for (const word of spelt) word.letters = joined(word.letters, best);
  }
  return [...joins];
}

const neighbours = (letters: readonly string[]): string[] =>
  letters.slice(1).map((letter, index) => `${letters[index] ?? ""}${letter}`);

/** `letters` with each pair of neighbours that spell `join` made one, from the left. */
function joined(letters: readonly string[], join: string): string[] {
  const result: string[] = [];
  for (let index = 0; index < letters.length; index++) {
    const here = letters[index] ?? "";
    if (index + 1 < letters.length && here + (letters[index + 1] ?? "") === join) {
      result.push(join);
      index++;
    } else result.push(here);
  }
  return result;
}

/** Texts to token ids, and back. */
export interface Tokenizer {
  /** Control pieces in the text, such as `<|im_end|>`, become their tokens; nothing is put in front. */
  encode(text: string): number[];
  decode(tokens: readonly number[]): string;
}

export function openTokenizer({ pieces, ids }: Vocabulary): Tokenizer {
  const known = new Map<string, readonly number[]>();
  const idOf = (text: string): number => ids.get(text) ?? 0;

  function encodePart(part: string): readonly number[] {
    const before = known.get(part);
    if (before) return before;
    const encoded = joinBest([...part]).flatMap((piece) => {
      const id = ids.get(piece);
      return id === undefined ? [...new TextEncoder().encode(piece)].map((byte) => FIRST_BYTE + byte) : [id];
    });
    known.set(part, encoded);
    return encoded;
  }

  /** Joins the two neighbours whose piece has the highest score, the leftmost ones first, until none is left. */
  function joinBest(letters: string[]): string[] {
    const scores = neighbours(letters).map((pair) => {
      const piece = pieces[idOf(pair)];
      return piece?.kind === "normal" ? piece.score : -Infinity;
    });
    const best = Math.max(-Infinity, ...scores);
    if (best === -Infinity) return letters;
    const index = scores.indexOf(best);
    return joinBest([
      ...letters.slice(0, index),
      letters.slice(index, index + 2).join(""),
      ...letters.slice(index + 2),
    ]);
  }

  return {
    encode: (text) =>
      text
        .split(/(<\|im_start\|>|<\|im_end\|>|<\/?s>)/)
        .flatMap((part) =>
          controls.includes(part)
            ? [idOf(part)]
            : [...asWritten(part).matchAll(parts)].flatMap(([word]) => encodePart(word)),
        ),
    decode(tokens) {
      const bytes = tokens.flatMap((token) => {
        const { text, kind } = pieces[token] ?? { text: "", kind: "unused" };
        return kind === "byte"
          ? [token - FIRST_BYTE]
          : [...new TextEncoder().encode(text.replaceAll(SPACE, " "))];
      });
      return new TextDecoder().decode(Uint8Array.from(bytes));
    },
  };
}
