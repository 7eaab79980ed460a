import type { View } from "../rules/contest-board.ts";
import { withQuery } from "./jury-filter.ts";

/** How somebody looks at a scoreboard, as the page's address holds it. */
export interface BoardView {
  view: View;
  /** The ids of the groups whose teams are shown; none for all teams. */
  groups: readonly string[];
  /** For a projector: large, scrolling by itself, and nothing of the site around it. */
  hall: boolean;
}

/** Reads `?view=jury&group=3&group=4&display=hall`; what it does not know means what everybody sees. */
export function readBoardView(search: string): BoardView {
  const query = new URLSearchParams(search);
  return {
    view: query.get("view") === "jury" ? "jury" : "public",
    groups: [...new Set(query.getAll("group"))],
    hall: query.get("display") === "hall",
  };
}

/** The address of a contest's scoreboard, looked at so. */
export function boardAddress(slug: string, { view, groups, hall }: BoardView): string {
  const query = new URLSearchParams(groups.map((group) => ["group", group]));
  if (view === "jury") query.set("view", view);
  if (hall) query.set("display", "hall");
  return withQuery(`/contests/${slug}/scoreboard`, query.toString());
}
