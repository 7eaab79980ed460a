import { useState } from "preact/hooks";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { longSpan } from "../contest-words.ts";
import type { FieldErrors } from "../field-errors.ts";
import { Field } from "./field.tsx";

interface Props {
  name: string;
  label: string;
  hint?: string;
  errors: FieldErrors;
  /** What stands there before anybody types; null for nothing, and then nothing need be. */
  value: number | null;
  min?: number;
  max?: number;
}

const whole = { type: "number", inputMode: "numeric", step: 1 } as const;

/** A whole number. */
export function NumberField({ name, label, hint, errors, value, min = 0, max }: Props) {
  return (
    <Field name={name} label={label} {...(hint === undefined ? {} : { hint })} errors={errors}>
      {(input) => (
        <input
          {...input}
          {...whole}
          min={min}
          max={max}
          required={value !== null}
          defaultValue={value ?? undefined}
        />
      )}
    </Field>
  );
}

/** A length of time in minutes, which is said in hours and days too. */
export function MinutesField({ name, label, hint = "", errors, value, min = 0 }: Omit<Props, "max">) {
  const [text, setText] = useState(value === null ? "" : String(value));
  const said = text === "" || !Number.isFinite(Number(text)) ? "" : `${longSpan(Number(text) * MINUTE_MS)}.`;
  return (
    <Field name={name} label={label} hint={`${said} ${hint}`.trim()} errors={errors}>
      {(input) => (
        <input
          {...input}
          {...whole}
          // Times that were set by other means than this field need not be of whole minutes.
          step="any"
          min={min}
          required={value !== null}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
