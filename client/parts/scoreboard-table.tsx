import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import type { Board, BoardProblem, Cell } from "../../protocol/contest.ts";
import { firstSolves, rank, type RankedRow } from "../../rules/scoreboard.ts";
import { sumsOf } from "../board.ts";
import { contestMinute } from "../format.ts";
import { t } from "../i18n.ts";
import { Balloon, Icon, type IconName } from "./icons.tsx";
import { TableScroll } from "./table-scroll.tsx";

interface Props {
  slug: string;
  board: Board;
  /** The reader's own team, or null. */
  own: string | null;
  /** Whether the problems may be read yet. */
  linked: boolean;
}

const MOVE_MS = 280;

/** Rows slide to their new places; not for those who asked their system for less motion. */
function useSlidingRows(body: RefObject<HTMLTableSectionElement | null>, rows: readonly RankedRow[]): void {
  const tops = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const next = new Map<string, number>();
    for (const row of body.current?.rows ?? []) {
      const team = row.dataset.team ?? "";
      const before = tops.current.get(team);
      next.set(team, row.offsetTop);
      if (still || before === undefined || before === row.offsetTop) continue;
      row.animate([{ transform: `translateY(${before - row.offsetTop}px)` }, { transform: "none" }], {
        duration: MOVE_MS,
        easing: "ease-out",
      });
    }
    tops.current = next;
  }, [rows]);
}

/** The standings as a table: one row a team, one column a problem, and what all teams did in the last row. */
export function ScoreboardTable({ slug, board, own, linked }: Props) {
  const rows = useMemo(() => rank(board), [board]);
  const first = useMemo(() => firstSolves(board.cells), [board]);
  const body = useRef<HTMLTableSectionElement>(null);
  useSlidingRows(body, rows);
  return (
    <TableScroll label={t("contest.scoreboard")}>
      <table class="scoreboard">
        <thead>
          <tr>
            <th scope="col" class="rank">
              <abbr title={t("scoreboard.rank")}>#</abbr>
            </th>
            <th scope="col" class="team">
              {t("scoreboard.team")}
            </th>
            <th scope="col" class="number">
              {t("scoreboard.solved")}
            </th>
            <th scope="col" class="number">
              {t("scoreboard.penalty")}
            </th>
            {board.problems.map((problem) => (
              <ProblemHead key={problem.label} slug={slug} problem={problem} linked={linked} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <TeamRow
              key={row.team.id}
              row={row}
              problems={board.problems}
              first={first}
              mine={row.team.id === own}
            />
          ))}
        </tbody>
        <tfoot>
          <SumRow board={board} />
        </tfoot>
      </table>
    </TableScroll>
  );
}

function ProblemHead({ slug, problem, linked }: { slug: string; problem: BoardProblem; linked: boolean }) {
  const label = (
    <span class="problem-label">
      <Balloon colour={problem.colour} />
      {problem.label}
    </span>
  );
  return (
    <th scope="col" class="problem">
      {linked ? <a href={`/contests/${slug}/problems/${problem.label}`}>{label}</a> : label}
    </th>
  );
}

interface TeamRowProps {
  row: RankedRow;
  problems: readonly BoardProblem[];
  first: ReadonlyMap<string, string>;
  mine: boolean;
}

function TeamRow({ row, problems, first, mine }: TeamRowProps) {
  const { team, cells } = row;
  return (
    <tr
      data-team={team.id}
      data-me={mine ? "" : undefined}
      class={mine ? "mine" : undefined}
      tabIndex={mine ? -1 : undefined}
    >
      <td class="rank">{row.rank}</td>
      <th scope="row" class="team" title={team.name}>
        {team.name}
        {mine ? <span class="mine-mark"> {t("scoreboard.you")}</span> : null}
      </th>
      <td class="number solved">{row.solved}</td>
      <td class="number">{row.penalty}</td>
      {problems.map(({ label }) => (
        <CellView key={label} cell={cells.get(label)} first={first.get(label) === team.id} />
      ))}
    </tr>
  );
}

interface Face {
  kind: "solved" | "first" | "pending" | "rejected";
  icon: IconName;
  main: string;
  /** A second, smaller line; may be empty. */
  sub: string;
  /** The same in a sentence, for screen readers and on hover. */
  sentence: string;
}

/** What a cell shows, or null for a problem that the team has not tried. */
function faceOf({ label, rejected, pending, solvedAt }: Cell, first: boolean): Face | null {
  const sentence = (...parts: string[]): string => `${label}: ${parts.join(", ")}`;
  if (solvedAt !== null) {
    const minute = contestMinute(solvedAt);
    const told = [t("scoreboard.solvedAt", { minute }), t("scoreboard.tries", { count: rejected + 1 })];
    const before = rejected === 0 ? "" : `+${rejected}`;
    return first
      ? {
          kind: "first",
          icon: "star",
          main: `${minute}`,
          sub: `${t("scoreboard.firstShort")} ${before}`.trim(),
          sentence: sentence(...told, t("scoreboard.first")),
        }
      : { kind: "solved", icon: "check", main: `${minute}`, sub: before, sentence: sentence(...told) };
  }
  const missed = t("scoreboard.rejected", { count: rejected });
  if (pending > 0) {
    const told = sentence(t("scoreboard.pending", { count: pending }), missed);
    return {
      kind: "pending",
      icon: "dots",
      main: `${pending}`,
      sub: rejected === 0 ? "" : `−${rejected}`,
      sentence: told,
    };
  }
  return rejected === 0
    ? null
    : { kind: "rejected", icon: "cross", main: `−${rejected}`, sub: "", sentence: sentence(missed) };
}

function CellView({ cell, first }: { cell: Cell | undefined; first: boolean }) {
  const face = cell ? faceOf(cell, first) : null;
  return (
    <td class={face ? `cell cell-${face.kind}` : "cell"}>
      <span class="sr-only">{face ? face.sentence : t("scoreboard.untried")}</span>
      {face ? (
        <span class="cell-face" aria-hidden="true" title={face.sentence}>
          <span class="cell-main">
            <Icon name={face.icon} />
            {face.main}
          </span>
          <span class="cell-sub">{face.sub}</span>
        </span>
      ) : null}
    </td>
  );
}

function SumRow({ board }: { board: Board }) {
  const sums = board.problems.map(({ label }) => sumsOf(board, label));
  const solved = sums.reduce((all, one) => all + one.solved, 0);
  const tries = sums.reduce((all, one) => all + one.tries, 0);
  return (
    <tr class="sums">
      <th scope="row" colSpan={2} class="team">
        {t("scoreboard.sums")}
      </th>
      <td colSpan={2} class="number" title={t("scoreboard.sumsOf", { solved, tries })}>
        {`${solved}/${tries}`}
      </td>
      {sums.map((one, index) => (
        <td key={board.problems[index]?.label} class="cell">
          <span class="sr-only">{t("scoreboard.sumsOf", { solved: one.solved, tries: one.tries })}</span>
          <span class="cell-face" aria-hidden="true">
            <span class="cell-main">{`${one.solved}/${one.tries}`}</span>
            <span class="cell-sub">
              {one.firstAt === null ? "" : t("scoreboard.sumsFirst", { minute: contestMinute(one.firstAt) })}
            </span>
          </span>
        </td>
      ))}
    </tr>
  );
}

/** What the cells mean, so that nothing rests on colour. */
export function Legend() {
  return (
    <section class="legend" aria-label={t("scoreboard.legend")}>
      <span class="legend-item cell-solved">
        <span class="cell-main">
          <Icon name="check" />
          87
        </span>
        {t("scoreboard.legendSolved")}
      </span>
      <span class="legend-item cell-first">
        <span class="cell-main">
          <Icon name="star" />
          12
        </span>
        {t("scoreboard.legendFirst")}
      </span>
      <span class="legend-item cell-rejected">
        <span class="cell-main">
          <Icon name="cross" />
          −2
        </span>
        {t("scoreboard.legendRejected")}
      </span>
      <span class="legend-item cell-pending">
        <span class="cell-main">
          <Icon name="dots" />1
        </span>
        {t("scoreboard.legendPending")}
      </span>
    </section>
  );
}
