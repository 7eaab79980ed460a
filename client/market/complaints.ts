import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";

/** The sentences of protocol/money.ts and protocol/ledger.ts that people meet. */
const sentences: readonly (readonly [RegExp, (amount: string) => string])[] = [
  [/^not an amount of credits such as /, () => t("wrong.amount")],
  [/^must be more than nothing$/, () => t("wrong.nothing")],
  [/^(?:an account has )?at most ([\d.]+) credits$/, (amount) => t("wrong.tooMuch", { amount })],
];

function translated(sentence: string): string {
  for (const [pattern, translation] of sentences) {
    const match = pattern.exec(sentence);
    if (match) return translation(match[1] ?? "");
  }
  return sentence;
}

/** The complaints about a form that asks for an amount, those about the amount too in the reader's language. */
export const amountErrors = (errors: FieldErrors): FieldErrors => ({
  of: (field) => errors.of(field).map(translated),
  except: errors.except,
});
