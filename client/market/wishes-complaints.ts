import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import "../locales/wishes.ts";
import { amountErrors } from "./complaints.ts";

/** The sentences about keys, wishes and names for models that people meet, with what of them is told again. */
const sentences: readonly (readonly [RegExp, (part: string) => string])[] = [
  [/^must be letters, digits, dots, colons, slashes/, () => t("wrong.modelName")],
  [/^auto is no name of a model/, () => t("wrong.auto")],
  [/^at least one model$/, () => t("wrong.noModel")],
  [/^at most (\d+) models$/, (count) => t("wrong.aliasModels", { count })],
  [/^two aliases have the same name$/, () => t("wrong.aliasTwice")],
  [/^(.+) is an alias itself: /, (name) => t("wrong.aliasOfAlias", { name })],
  [/^(.+) is the name of a model that providers offered here$/, (name) => t("wrong.modelTaken", { name })],
  [/^not a web origin such as /, () => t("wrong.origin")],
  [/^at most (\d+) origins$/, (count) => t("wrong.origins", { count })],
];

function translated(sentence: string): string | null {
  for (const [pattern, translation] of sentences) {
    const match = pattern.exec(sentence);
    if (match) return translation(match[1] ?? "");
  }
  return null;
}

/** The complaints about a form of keys, wishes or names for models, in the reader's language. */
export function wishErrors(errors: FieldErrors): FieldErrors {
  const { of, except } = amountErrors(errors);
  return {
    of: (field) => of(field).map((sentence) => translated(sentence) ?? sentence),
    except: (fields) => except(fields).map((detail) => translated(detail.replace(/^[\w.]+: /, "")) ?? detail),
  };
}
