import { clike } from "@codemirror/legacy-modes/mode/clike";
import type { StreamParser } from "@codemirror/language";

const set = (words: string): Record<string, boolean> =>
  Object.fromEntries(words.split(" ").map((word) => [word, true]));

/** PHP as programs for a judge have it, without HTML around it: of C's kind, with variables and comments of its own. */
export const php: StreamParser<unknown> = clike({
  name: "php",
  keywords: set(
    "abstract and array as break callable case catch class clone const continue declare default do echo else elseif " +
      "enddeclare endfor endforeach endif endswitch endwhile enum exit extends final finally fn for foreach function global " +
      "goto if implements include include_once instanceof insteadof interface isset list match namespace new or print " +
      "private protected public readonly require require_once return static switch throw trait try unset use var while " +
      "xor yield",
  ),
  types: set("bool float int iterable mixed never object self string void"),
  blockKeywords: set("catch do else elseif finally for foreach function if switch try while"),
  atoms: set("true false null TRUE FALSE NULL PHP_EOL PHP_INT_MAX PHP_INT_MIN STDIN STDOUT STDERR"),
  multiLineStrings: true,
  hooks: {
    $: (stream: { eatWhile(match: RegExp): boolean }) => {
      stream.eatWhile(/[\w$]/);
      return "variable";
    },
    "#": (stream: { skipToEnd(): void }) => {
      stream.skipToEnd();
      return "comment";
    },
    "<": (stream: { match(match: RegExp): unknown }) => (stream.match(/^\?(?:php\b|=)?/) ? "meta" : false),
    "?": (stream: { match(match: RegExp): unknown }) => (stream.match(/^>/) ? "meta" : false),
  },
});
