import type { FieldErrors } from "../field-errors.ts";
import { Field } from "./field.tsx";

interface Props<Name extends string> {
  name: string;
  label: string;
  hint?: string;
  errors: FieldErrors;
  options: readonly Name[];
  /** An option in the reader's language. */
  say: (option: Name) => string;
  value: Name;
  change?: (option: Name) => void;
}

/** One of a few, by their names. */
export function ChoiceField<Name extends string>(props: Props<Name>) {
  const { name, label, hint, errors, options, say, value, change } = props;
  return (
    <Field name={name} label={label} {...(hint === undefined ? {} : { hint })} errors={errors}>
      {(input) => (
        <select
          {...input}
          onChange={(event) => {
            const chosen = options.find((option) => option === event.currentTarget.value);
            if (chosen !== undefined) change?.(chosen);
          }}
        >
          {options.map((option) => (
            <option key={option} value={option} selected={option === value}>
              {say(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
