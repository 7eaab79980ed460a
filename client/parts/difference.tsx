import type { CheckerOptions } from "../../protocol/problem.ts";
import { firstDifference, type DiffLine, type Mark, type WhatDiffers } from "../first-difference.ts";
import { t } from "../i18n.ts";

interface Props {
  expected: string;
  actual: string;
  options: CheckerOptions;
}

/** The first token that differs, in words, and expected and actual output side by side around it. */
export function Difference({ expected, actual, options }: Props) {
  const { what, lines, above, below } = firstDifference(expected, actual, options);
  return (
    <table class="difference">
      <caption>
        {t("diff.caption", { line: what.type === "missing" ? what.expected.line : what.actual.line })}
        <strong>{sentence(what)}</strong>
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="sr-only">{t("diff.line")}</span>
          </th>
          <th scope="col">{t("diff.expected")}</th>
          <th scope="col">{t("diff.actual")}</th>
        </tr>
      </thead>
      <tbody>
        {above > 0 ? <Left count={above} /> : null}
        {lines.map((one) => (
          <tr key={one.number} class={one.differs ? "differs" : undefined}>
            <th scope="row">{one.number}</th>
            <td>
              <Side text={one.expected} line={one} mark={one.expectedMark} />
            </td>
            <td>
              <Side text={one.actual} line={one} mark={one.actualMark} />
            </td>
          </tr>
        ))}
        {below > 0 ? <Left count={below} /> : null}
      </tbody>
    </table>
  );
}

/** Longer tokens are told by their beginning; the table has more of them. */
const MOST_SAID = 40;
const said = (token: string): string => (token.length > MOST_SAID ? `${token.slice(0, MOST_SAID)}…` : token);

function sentence(what: WhatDiffers): string {
  switch (what.type) {
    case "token": {
      const { expected, actual } = what;
      return t("diff.token", {
        column: actual.column,
        expected: said(expected.text),
        actual: said(actual.text),
      });
    }
    case "missing":
      return t("diff.missing", { expected: said(what.expected.text) });
    case "extra":
      return t("diff.extra", { column: what.actual.column, actual: said(what.actual.text) });
    case "space":
      return t("diff.space", { column: what.actual.column });
    default:
      return what satisfies never;
  }
}

function Left({ count }: { count: number }) {
  return (
    <tr class="left-out">
      <td colSpan={3}>{t("diff.leftOut", { count })}</td>
    </tr>
  );
}

function Side({ text, line, mark }: { text: string | null; line: DiffLine; mark: Mark | null }) {
  if (text === null) return <span class="soft">{t("diff.nothing")}</span>;
  if (!line.differs) return <code>{text}</code>;
  const drawn = visible(text);
  if (mark === null) return <code>{drawn}</code>;
  return (
    <code>
      {drawn.slice(0, mark.from)}
      <mark>{drawn.slice(mark.from, mark.to) || "⏎"}</mark>
      {drawn.slice(mark.to)}
    </code>
  );
}

/** Signs, as many as there are characters, for whitespace that nobody would see: at a line's end, doubled, tabs, and what only looks like a space. */
const HIDDEN = / +$|^ +| {2,}|[\t\r\v\f\u00a0]/g;
const signs: Readonly<Record<string, string>> = {
  " ": "·",
  "\t": "→",
  "\r": "␍",
  "\v": "␋",
  "\f": "␌",
  "\u00a0": "⍽",
};

function visible(text: string): string {
  return text.replaceAll(HIDDEN, (spaces) => [...spaces].map((space) => signs[space] ?? space).join(""));
}
