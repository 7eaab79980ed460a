import { t } from "./i18n.ts";

/** The server's complaints about a form, by the field they are about. */
export interface FieldErrors {
  /** What is wrong with a field, or with a part of it, in the reader's language. */
  of(field: string): string[];
  /** Everything that is about none of these fields. */
  except(fields: readonly string[]): string[];
}

/** The schemas' sentences are English; these are the ones that people meet, with their translations. */
const sentences: readonly (readonly [RegExp, (count: number) => string])[] = [
  [/^at least (\d+) characters$/, (count) => t("wrong.tooShort", { count })],
  [/^at most (\d+) characters$/, (count) => t("wrong.tooLong", { count })],
  [/^must not be empty$/, () => t("wrong.empty")],
  [/^not an e-mail address$/, () => t("wrong.email")],
  [/^only letters, digits, dot, underscore and hyphen$/, () => t("wrong.username")],
  [/^only lower-case letters, digits and single hyphens$/, () => t("wrong.slug")],
  [/^no control characters$/, () => t("wrong.control")],
  [/^at least one problem$/, () => t("wrong.noProblem")],
  [/^at most (\d+) problems$/, (count) => t("wrong.problems", { count })],
  [/^the same problem twice$/, () => t("wrong.problemTwice")],
  [/^cannot be longer than the contest$/, () => t("wrong.freeze")],
  [/^at least one language$/, () => t("wrong.noLanguage")],
  [/^must be at least (\d+)$/, (count) => t("wrong.least", { count })],
  [/^must be at most (\d+)$/, (count) => t("wrong.most", { count })],
  [/^must be a whole number$/, () => t("wrong.whole")],
  [/^the deadline is after the contest's end$/, () => t("wrong.lateDeadline")],
  [/^the hard end is after the contest's end$/, () => t("wrong.lateHardEnd")],
  [/^the hard end must be after the deadline$/, () => t("wrong.earlyHardEnd")],
  [/^later than the year 9998$/, () => t("wrong.tooLate")],
  [/^longer than (\d+) days$/, (count) => t("wrong.longerThan", { count })],
];

/** A schema's sentence in the reader's language; sentences without a translation stay as they are. */
export function translateComplaint(sentence: string): string {
  for (const [pattern, translation] of sentences) {
    const match = pattern.exec(sentence);
    if (match) return translation(Number(match[1] ?? 0));
  }
  return sentence;
}

/** Reads `ErrorBody.details`: `field: what is wrong`, one for each thing. */
export function fieldErrors(details: readonly string[]): FieldErrors {
  const parsed = details.map((detail) => {
    const match = /^([\w.]+): (.*)$/s.exec(detail);
    return { field: match?.[1] ?? "", sentence: translateComplaint(match?.[2] ?? detail), detail };
  });
  return {
    of: (field) => parsed.filter((one) => isAbout(one.field, field)).map((one) => one.sentence),
    except: (fields) =>
      parsed.filter((one) => !fields.some((field) => isAbout(one.field, field))).map((one) => one.detail),
  };
}

/** `problems.0` is about `problems`. */
const isAbout = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`);
