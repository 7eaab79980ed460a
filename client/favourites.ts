import { useState } from "preact/hooks";
import * as v from "valibot";
import { parseJson } from "./json.ts";
import { readItem, writeItem } from "./storage.ts";

/** The teams that a reader watches, by id; kept in this browser for each contest, as readers need no account. */
const Favourites = v.array(v.string());

const keyOf = (contest: string): string => `favourites/${contest}`;

function readFavourites(contest: string): ReadonlySet<string> {
  const kept = v.safeParse(Favourites, parseJson(readItem(keyOf(contest)) ?? "[]"));
  return new Set(kept.success ? kept.output : []);
}

/** A contest's favourites, and what makes a team one or no more. */
export function useFavourites(contest: string): {
  favourites: ReadonlySet<string>;
  toggle: (team: string) => void;
} {
  const [favourites, setFavourites] = useState(() => readFavourites(contest));
  const toggle = (team: string): void => {
    // Another tab may have changed them since.
    const next = new Set(readFavourites(contest));
    if (!next.delete(team)) next.add(team);
    writeItem(keyOf(contest), JSON.stringify([...next]));
    setFavourites(next);
  };
  return { favourites, toggle };
}
