import clarifications from "../../client/locales/clarifications/en.json" with { type: "json" };
import board from "../../client/locales/board/en.json" with { type: "json" };
import forms from "../../client/locales/contest-forms/en.json" with { type: "json" };
import contests from "../../client/locales/contests/en.json" with { type: "json" };
import en from "../../client/locales/en.json" with { type: "json" };
import resolver from "../../client/locales/resolver/en.json" with { type: "json" };
import teams from "../../client/locales/teams/en.json" with { type: "json" };
import virtual from "../../client/locales/virtual/en.json" with { type: "json" };

const texts = {
  ...en,
  ...board,
  ...clarifications,
  ...contests,
  ...forms,
  ...resolver,
  ...teams,
  ...virtual,
};

/** What the pages of contests say, by its key; the values stand where their names do. */
export function say(key: keyof typeof texts, values: Record<string, string | number> = {}): string {
  return texts[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
