import type { ContestFormat, LatePolicy, ProblemPoints } from "../protocol/contest-format.ts";
import { MINUTE_MS, type ContestChange, type ContestForm, type ContestLimits } from "../protocol/contest.ts";
import { LanguageId } from "../protocol/language.ts";
import { fromLocalInput } from "./local-time.ts";
import { textOf } from "./parts/field.tsx";
import { labelOf } from "./parts/problem-picker.tsx";

export const formatTypes = ["icpc", "ioi", "atcoder", "codeforces", "homework"] as const;
export type FormatType = (typeof formatTypes)[number];

export const ioiCounts = ["groups", "best"] as const;
export const homeworkCounts = ["best", "last"] as const;
export const feedbacks = ["full", "score", "none"] as const;
export const latePolicies = ["refused", "daily"] as const;

/** A name as a short name for the address: `Final de Verão 2026` becomes `final-de-verao-2026`. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
    .replace(/-+$/, "");
}

/**
 * What a contest's form says, but for the times. Whether it may be so is the server's to say.
 *
 * @param problems - slugs, in the contest's order
 */
export function readSettings(data: FormData, problems: readonly string[]): ContestChange {
  return {
    name: textOf(data, "name"),
    slug: textOf(data, "slug"),
    format: readFormat(data, problems),
    languages: readLanguages(data),
    problems: [...problems],
    limits: readLimits(data, problems),
  };
}

/** The times of a new contest. */
export function readTimes(data: FormData): Omit<ContestForm, keyof ContestChange> {
  return {
    startAt: fromLocalInput(textOf(data, "startAt")),
    durationMinutes: Number(textOf(data, "durationMinutes")),
    freezeMinutes: Number(textOf(data, "freezeMinutes")),
    windowMinutes: numberOf(data, "windowMinutes"),
  };
}

/** Minutes that were typed in, which may be parts of one, in ms. */
export function minutesOf(data: FormData, name: string): number {
  return Math.round(Number(textOf(data, name)) * MINUTE_MS);
}

function readLanguages(data: FormData): LanguageId[] | null {
  if (textOf(data, "languages") === "all") return null;
  const chosen = data.getAll("language");
  return LanguageId.options.filter((id) => chosen.includes(id));
}

function readFormat(data: FormData, problems: readonly string[]): ContestFormat {
  const type = oneOf(data, "format.type", formatTypes);
  const points = readPoints(data, problems);
  const number = (name: string): number => Number(textOf(data, `format.${name}`));
  switch (type) {
    case "icpc":
      return { type, penaltyMinutes: number("penaltyMinutes") };
    case "ioi":
      return {
        type,
        counts: oneOf(data, "format.counts", ioiCounts),
        feedback: oneOf(data, "format.feedback", feedbacks),
        points,
      };
    case "atcoder":
      return { type, points, penaltyMinutes: number("penaltyMinutes") };
    case "codeforces":
      return {
        type,
        points,
        decayPercent: number("decayPercent"),
        deduction: number("deduction"),
        floorPercent: number("floorPercent"),
      };
    case "homework":
      return {
        type,
        points,
        deadlineMs: minutesOf(data, "format.deadlineMs"),
        late: readLate(data),
        counts: oneOf(data, "format.counts", homeworkCounts),
      };
    default:
      return type satisfies never;
  }
}

function readLate(data: FormData): LatePolicy {
  const type = oneOf(data, "format.late.type", latePolicies);
  if (type === "refused") return { type };
  const open = numberOf(data, "format.late.hardEndMs") === null;
  return {
    type,
    percent: Number(textOf(data, "format.late.percent")),
    hardEndMs: open ? null : minutesOf(data, "format.late.hardEndMs"),
  };
}

/** By label, of the problems for which they were asked for and given. */
function readPoints(data: FormData, problems: readonly string[]): ProblemPoints {
  const points: ProblemPoints = {};
  for (const [index, slug] of problems.entries()) {
    const given = numberOf(data, `points.${slug}`);
    if (given !== null) points[labelOf(index)] = given;
  }
  return points;
}

/** By label, of the problems that have others here than in their packages. */
function readLimits(data: FormData, problems: readonly string[]): ContestLimits {
  const limits: ContestLimits = {};
  for (const [index, slug] of problems.entries()) {
    const seconds = numberOf(data, `limits.time.${slug}`);
    const memoryMiB = numberOf(data, `limits.memory.${slug}`);
    if (seconds === null && memoryMiB === null) continue;
    limits[labelOf(index)] = { timeMs: seconds === null ? null : Math.round(seconds * 1000), memoryMiB };
  }
  return limits;
}

/** Null for what was left empty, or not asked for. */
function numberOf(data: FormData, name: string): number | null {
  const text = textOf(data, name);
  return text === "" ? null : Number(text);
}

/** The chosen one of a few; the first where nothing was. */
function oneOf<Name extends string>(data: FormData, name: string, options: readonly [Name, ...Name[]]): Name {
  const text = textOf(data, name);
  return options.find((option) => option === text) ?? options[0];
}
