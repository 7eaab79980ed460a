import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  addTexts,
  applyLocale,
  chooseLocale,
  localeIds,
  locale,
  pickLocale,
  t,
  translate,
  type LocaleId,
  type Messages,
} from "./i18n.ts";
import en from "./locales/en.json";
import ptBR from "./locales/pt-BR.json";
import zh from "./locales/zh.json";
import enBoard from "./locales/board/en.json";
import ptBRBoard from "./locales/board/pt-BR.json";
import zhBoard from "./locales/board/zh.json";
import enClarifications from "./locales/clarifications/en.json";
import ptBRClarifications from "./locales/clarifications/pt-BR.json";
import zhClarifications from "./locales/clarifications/zh.json";
import enContestForms from "./locales/contest-forms/en.json";
import ptBRContestForms from "./locales/contest-forms/pt-BR.json";
import zhContestForms from "./locales/contest-forms/zh.json";
import enContests from "./locales/contests/en.json";
import ptBRContests from "./locales/contests/pt-BR.json";
import zhContests from "./locales/contests/zh.json";
import enJudges from "./locales/judges/en.json";
import ptBRJudges from "./locales/judges/pt-BR.json";
import zhJudges from "./locales/judges/zh.json";
import enJury from "./locales/jury/en.json";
import ptBRJury from "./locales/jury/pt-BR.json";
import zhJury from "./locales/jury/zh.json";
import enMarket from "./locales/market/en.json";
import ptBRMarket from "./locales/market/pt-BR.json";
import zhMarket from "./locales/market/zh.json";
import enPrint from "./locales/print/en.json";
import ptBRPrint from "./locales/print/pt-BR.json";
import zhPrint from "./locales/print/zh.json";
import enReasons from "./locales/reasons/en.json";
import enResolver from "./locales/resolver/en.json";
import ptBRResolver from "./locales/resolver/pt-BR.json";
import zhResolver from "./locales/resolver/zh.json";
import enStatistics from "./locales/statistics/en.json";
import ptBRStatistics from "./locales/statistics/pt-BR.json";
import zhStatistics from "./locales/statistics/zh.json";
import enTeams from "./locales/teams/en.json";
import ptBRTeams from "./locales/teams/pt-BR.json";
import zhTeams from "./locales/teams/zh.json";
import enVirtual from "./locales/virtual/en.json";
import ptBRVirtual from "./locales/virtual/pt-BR.json";
import zhVirtual from "./locales/virtual/zh.json";
import enWishes from "./locales/wishes/en.json";
import ptBRReasons from "./locales/reasons/pt-BR.json";
import ptBRWishes from "./locales/wishes/pt-BR.json";
import zhReasons from "./locales/reasons/zh.json";
import zhWishes from "./locales/wishes/zh.json";

/** What every page has, and what parts of the site bring along. */
const pieces: Record<LocaleId, readonly Messages[]> = {
  en: [
    en,
    enBoard,
    enClarifications,
    enContestForms,
    enContests,
    enJudges,
    enJury,
    enMarket,
    enPrint,
    enReasons,
    enResolver,
    enStatistics,
    enTeams,
    enVirtual,
    enWishes,
  ],
  "pt-BR": [
    ptBR,
    ptBRBoard,
    ptBRClarifications,
    ptBRContestForms,
    ptBRContests,
    ptBRJudges,
    ptBRJury,
    ptBRMarket,
    ptBRPrint,
    ptBRReasons,
    ptBRResolver,
    ptBRStatistics,
    ptBRTeams,
    ptBRVirtual,
    ptBRWishes,
  ],
  zh: [
    zh,
    zhBoard,
    zhClarifications,
    zhContestForms,
    zhContests,
    zhJudges,
    zhJury,
    zhMarket,
    zhPrint,
    zhReasons,
    zhResolver,
    zhStatistics,
    zhTeams,
    zhVirtual,
    zhWishes,
  ],
};
const whole = (id: LocaleId): Messages => Object.assign({}, ...pieces[id]);
const texts: Record<LocaleId, Messages> = { en: whole("en"), "pt-BR": whole("pt-BR"), zh: whole("zh") };
const FORM = /_(?:zero|one|two|few|many|other)$/;

/** `name_one` and `name_other` are one text with two forms. */
const baseOf = (key: string): string => key.replace(FORM, "");
const basesOf = (id: LocaleId): string[] => [...new Set(Object.keys(texts[id]).map(baseOf))].sort();
const placesOf = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

/** The places that any form of each text has. */
function placesByBase(id: LocaleId): Record<string, string[]> {
  const forms = Object.groupBy(Object.entries(texts[id]), ([key]) => baseOf(key));
  return Object.fromEntries(
    Object.entries(forms).map(([base, all = []]) => [base, placesOf(all.map(([, text]) => text).join(" "))]),
  );
}

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^testing\//.test(file))
  .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
  .join("\n");

describe("locales", () => {
  it.each(localeIds)("%s has exactly the texts of English", (id) => {
    expect(basesOf(id)).toEqual(basesOf("en"));
  });

  it.each(localeIds)("%s has each text once, in the same piece as English", (id) => {
    const keys = pieces[id].flatMap((piece) => Object.keys(piece));
    expect(keys.length).toBe(new Set(keys).size);
    const bases = (piece: Messages): string[] => [...new Set(Object.keys(piece).map(baseOf))].sort();
    expect(pieces[id].map(bases)).toEqual(pieces.en.map(bases));
  });

  it.each(localeIds)("%s has the same places in every text as English", (id) => {
    expect(placesByBase(id)).toEqual(placesByBase("en"));
  });

  it.each(localeIds)("%s has every plural form that it needs, and none that it does not", (id) => {
    const needed = new Intl.PluralRules(id).resolvedOptions().pluralCategories;
    for (const key of Object.keys(texts[id]).filter((name) => FORM.test(name))) {
      expect(needed).toContain(key.slice(key.lastIndexOf("_") + 1));
      expect(texts[id]).toHaveProperty([`${baseOf(key)}_other`]);
      // "many" is a million and more in Portuguese, and is told as "other".
      for (const form of needed.filter((name) => name !== "many")) {
        expect(texts[id]).toHaveProperty([`${baseOf(key)}_${form}`]);
      }
    }
  });

  it.each(localeIds)("%s has no empty text", (id) => {
    expect(Object.entries(texts[id]).filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("has no text that no page uses", () => {
    const unused = basesOf("en").filter((key) => {
      const prefix = `${key.slice(0, key.lastIndexOf(".") + 1)}\${`;
      return !sources.includes(`"${key}"`) && !sources.includes(`\`${prefix}`);
    });
    expect(unused).toEqual([]);
  });
});

describe("t", () => {
  it("chooses the plural form by the language's own rule", () => {
    expect(translate(en, "en", "problems.count", { count: 1 })).toBe("1 problem");
    expect(translate(en, "en", "problems.count", { count: 0 })).toBe("0 problems");
    expect(translate(ptBR, "pt-BR", "problems.count", { count: 0 })).toBe("0 problema");
    expect(translate(zh, "zh", "problems.count", { count: 1 })).toBe("1 道题目");
  });

  it("writes numbers as the language writes them", () => {
    expect(translate(en, "en", "problems.count", { count: 1234 })).toBe("1,234 problems");
    expect(translate(ptBR, "pt-BR", "problems.count", { count: 1234 })).toBe("1.234 problemas");
  });

  it("says the frozen sentence as the CCS requirements want it, to the letter", () => {
    expect(translate(en, "en", "scoreboard.frozen", { minutes: 60 })).toBe(
      "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.",
    );
  });

  it("never calls a passed sample accepted", () => {
    expect(translate(en, "en", "results.passed", { passed: 3, all: 3 })).toBe("Samples passed 3/3");
    expect(en["results.samplePassed"]).not.toMatch(/accept/i);
  });
});

describe("texts that a part of the site brings along", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("are in the language that was asked for last, whichever was loaded first", async () => {
    vi.stubGlobal("document", { documentElement: { lang: "" } });
    let deliver: (texts: { default: Messages }) => void = () => {};
    const slowEnglish = new Promise<{ default: Messages }>((resolve) => (deliver = resolve));
    const part = (texts: Messages) => Promise.resolve({ default: texts });
    await applyLocale("en");
    const added = addTexts({
      en: () => slowEnglish,
      "pt-BR": () => part(ptBRMarket),
      zh: () => part(zhMarket),
    });
    const switched = applyLocale("pt-BR");
    deliver({ default: enMarket });
    await Promise.all([added, switched]);
    expect(locale.value).toBe("pt-BR");
    expect([t("market.models"), t("nav.problems")]).toEqual(["Modelos", "Problemas"]);
  });
});

describe("choosing a language", () => {
  it("takes the first wanted language that the interface speaks, region or not", () => {
    expect(chooseLocale(["pt"])).toBe("pt-BR");
    expect(chooseLocale(["pt-PT", "en"])).toBe("pt-BR");
    expect(chooseLocale(["zh-CN"])).toBe("zh");
    expect(chooseLocale(["de-DE", "zh", "en"])).toBe("zh");
  });

  it("speaks English to those whose languages it does not know", () => {
    expect(chooseLocale(["de", "fr"])).toBe("en");
    expect(chooseLocale([])).toBe("en");
  });

  it("picks a text's own language, then English, then any", () => {
    expect(pickLocale({ pt: 1, en: 2 }, "pt-BR")).toEqual(["pt", 1]);
    expect(pickLocale({ pt: 1, en: 2 }, "zh")).toEqual(["en", 2]);
    expect(pickLocale({ pt: 1 }, "zh")).toEqual(["pt", 1]);
    expect(pickLocale({}, "zh")).toBeNull();
  });
});
