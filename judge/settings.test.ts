import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

const env = { JUDGE_URL: "http://localhost:8787", JUDGE_TOKEN: "a token" };

describe("the settings of a judge", () => {
  it("are read from the command line, and from the environment where that says nothing", () => {
    const { conditions } = readServe(["--languages", "c, python3", "--level", "full"], {
      JUDGE_LANGUAGES: "java",
      JUDGE_LEVEL: "userns",
      JUDGE_ROOT: "/srv/root",
    });
    expect(conditions).toMatchObject({ languages: ["c", "python3"], level: "full", root: "/srv/root" });
    expect(readServe([], { JUDGE_LANGUAGES: "java" }).conditions.languages).toEqual(["java"]);
    expect(readServe([], {}).conditions).toMatchObject({ languages: null, level: null, root: "/" });
  });

  it.each([
    ["JUDGE_URL", { JUDGE_URL: undefined }],
    ["JUDGE_URL", { JUDGE_URL: "localhost" }],
    ["JUDGE_TOKEN", { JUDGE_TOKEN: undefined }],
  ])("are nothing without a usable %s, and name it", (name, change) => {
    expect(() => readServe([], change)).toThrow(name);
  });

  it.each([
    [["--slots", "0"], "--slots must be a number from 1"],
    [["--slots", "two"], "--slots must be a number from 1"],
    [["--slots", "1.5"], "--slots must be a number from 1"],
    [["--slots", "1000"], "one for each processor"],
    [["--level", "best"], "--level must be one of full, userns, process"],
    [["--root", "here"], "--root must be an absolute path"],
    [["--languages", "c,cobol"], '"cobol" is no language; there are: bash c cpp'],
    [["--all"], "--all belongs to the command doctor"],
    [["docter"], 'there is no command "docter", only doctor, install and help'],
    [["doctor", "who"], "too much was said: who"],
    [["--slot", "1"], "Unknown option '--slot'. See: npm run judge -- help"],
  ])("are refused for %j with the reason", (words, reason) => {
    expect(() => readServe(words, {})).toThrow(reason);
  });
});

function readServe(words: string[], change: NodeJS.ProcessEnv) {
  const settings = readSettings(words, { ...env, ...change });
  if (settings.command !== "serve") throw new Error(`a judge would not judge, but ${settings.command}`);
  return settings;
}
