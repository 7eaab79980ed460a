import { describe, expect, it } from "vitest";
import type { Award, AwardRules } from "../protocol/award.ts";
import { awardsOf } from "./awards.ts";
import { boardOfResults, medalRules } from "./awards-testing.ts";
import { type FormatRow, rankTeams } from "./formats/board.ts";
import { seededRandom } from "./seeded-random.ts";

interface Case {
  rows: FormatRow[];
  rules: AwardRules;
  awards: Award[];
  /** The awards again, of the same board with its teams and cells in another order. */
  shuffled: Award[];
}

/** Each of many boards, from one team to twenty-six, with ties. */
function everyBoard(seed: number, more: Partial<AwardRules>, check: (one: Case) => void): void {
  const random = seededRandom(seed);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  for (let round = 0; round < 200; round++) {
    const results = Array.from({ length: 1 + upTo(25) }, () => `${upTo(6)}@${upTo(3)}`);
    const ids = results.map((_, index) => String.fromCodePoint(97 + index));
    const groups = ids.filter(() => random() < 0.9).map((id) => `${id}:g${upTo(3)}`);
    const board = boardOfResults(results.join(" "), groups.join(" "));
    const rules = medalRules(`${upTo(4)}/${upTo(4)}/${upTo(4)}`, { extraBronze: 1 + upTo(1), ...more });
    const other = { ...board, teams: board.teams.toReversed(), cells: board.cells.toReversed() };
    check({
      rows: rankTeams(board.format, board.teams, board.cells),
      rules,
      awards: awardsOf(board, rules, new Map()),
      shuffled: awardsOf(other, rules, new Map()),
    });
  }
}

const medalIds = ["gold-medal", "silver-medal", "bronze-medal"];
const idsOf = (awards: readonly Award[], team: string) =>
  awards.filter(({ teams }) => teams.includes(team)).map(({ id }) => id);
/** 0 for gold, 1 for silver, 2 for bronze, 3 for none. */
const medalOf = (awards: readonly Award[], team: string) =>
  [...medalIds.map((id) => idsOf(awards, team).includes(id)), true].indexOf(true);

describe("the awards of any board", () => {
  it("do not hang on the order in which teams and cells come", () => {
    everyBoard(1, { medianRule: true, medalsPerGroup: 2 }, ({ awards, shuffled }) => {
      expect(shuffled).toEqual(awards);
    });
  });

  it("are each given to somebody, and to nobody twice", () => {
    everyBoard(2, { medianRule: true }, ({ awards }) => {
      expect(awards.filter(({ teams }) => teams.length === 0 || new Set(teams).size < teams.length)).toEqual(
        [],
      );
      expect(new Set(awards.map(({ id }) => id)).size).toBe(awards.length);
    });
  });

  it("are one medal at most, the same for the same rank and never a better one for a worse rank", () => {
    everyBoard(3, {}, ({ rows, awards }) => {
      const had = rows.map(({ team }) => medalOf(awards, team.id));
      expect(had).toEqual(had.toSorted());
      for (const [index, row] of rows.entries()) {
        expect(idsOf(awards, row.team.id).filter((id) => medalIds.includes(id)).length).toBeLessThanOrEqual(
          1,
        );
        if (row.rank === rows[index - 1]?.rank) expect(had[index]).toBe(had[index - 1]);
      }
    });
  });

  it("are as many medals as there are places, more only by ties, fewer only for want of teams that solved anything", () => {
    everyBoard(4, {}, ({ rows, rules, awards }) => {
      const places = rules.gold + rules.silver + rules.bronze + rules.extraBronze;
      const scored = rows.filter(({ totals }) => totals.points > 0);
      const last = scored[Math.min(places, scored.length) - 1]?.rank ?? 0;
      const had = scored.filter(({ team }) => medalOf(awards, team.id) < 3);
      expect(had).toEqual(scored.filter((row) => row.rank <= last));
    });
  });

  it("are no more medals for a group than its most, unless the last of them tie", () => {
    everyBoard(5, { medalsPerGroup: 2 }, ({ rows, awards }) => {
      for (const group of ["g0", "g1", "g2", "g3"]) {
        const had = rows.filter(({ team }) => team.group === group && medalOf(awards, team.id) < 3);
        expect(new Set(had.slice(1).map((row) => row.rank)).size).toBeLessThanOrEqual(1);
      }
    });
  });

  it("are by the median rule one honour and a rank, or a mention, for everybody without a medal", () => {
    everyBoard(6, { medianRule: true, medalsPerGroup: 2 }, ({ rows, awards }) => {
      for (const { team, totals } of rows) {
        const kinds = idsOf(awards, team.id)
          .filter((id) => /honor|^rank-/.test(id))
          .map((id) => id.replace(/^rank-\d+$/, "rank").replace(/^.*honors$/, "honors"));
        const ranked = [["honors", "rank"], ["honorable-mention"]];
        expect(
          medalOf(awards, team.id) < 3 ? [[]] : totals.solved > 0 ? ranked : [["honorable-mention"]],
        ).toContainEqual(kinds);
      }
    });
  });

  it("name a winner wherever anybody solved anything, and only there", () => {
    everyBoard(7, {}, ({ rows, awards }) => {
      const best = rows.filter((row) => row.rank === 1 && row.totals.solved > 0).map(({ team }) => team.id);
      expect(awards.find(({ id }) => id === "winner")?.teams ?? []).toEqual(best);
    });
  });
});
