import type { ComponentChildren } from "preact";
import { fieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { Field } from "../parts/field.tsx";
import type { Settings } from "./conversation.ts";

interface Props {
  settings: Settings;
  disabled: boolean;
  change: (settings: Settings) => void;
}

const numbers = [
  { name: "temperature", label: "playground.temperature", min: 0, max: 2, step: "any" },
  { name: "topP", label: "playground.topP", min: 0, max: 1, step: "any" },
  { name: "maxTokens", label: "playground.maxTokens", min: 1, max: 100_000_000, step: 1 },
  { name: "seed", label: "playground.seed", min: 0, max: 2_147_483_647, step: 1 },
] as const;

const right = fieldErrors([]);

/**
 * How a conversation's answers are made. What is left empty, its model decides. What is typed stays as it is typed, so this needs a
 * key for each conversation.
 */
export function Parameters({ settings, disabled, change }: Props) {
  const textField = (
    name: "system" | "stop",
    label: string,
    hint: string,
    value: string,
  ): ComponentChildren => (
    <Field name={name} label={label} hint={hint} errors={right}>
      {(input) => (
        <textarea
          {...input}
          rows={2}
          disabled={disabled}
          defaultValue={value}
          onInput={({ currentTarget: { value: typed } }) =>
            change(
              name === "system"
                ? { ...settings, system: typed }
                : { ...settings, stop: typed.split("\n").filter(Boolean).slice(0, 4) },
            )
          }
        />
      )}
    </Field>
  );
  return (
    <details>
      <summary>{t("playground.parameters")}</summary>
      <div class="form">
        {textField("system", t("playground.system"), t("playground.systemHint"), settings.system)}
        <div class="field-row">
          {numbers.map(({ name, label, ...bounds }) => (
            <Field key={name} name={name} label={t(label)} errors={right}>
              {(input) => (
                <input
                  {...input}
                  {...bounds}
                  type="number"
                  inputMode="decimal"
                  placeholder={t("playground.leftToModel")}
                  disabled={disabled}
                  defaultValue={settings[name] ?? ""}
                  onInput={({ currentTarget: { value, valueAsNumber, validity } }) => {
                    if (value !== "" && validity.valid) change({ ...settings, [name]: valueAsNumber });
                    else if (!validity.badInput && value === "") change({ ...settings, [name]: null });
                  }}
                  onChange={({ currentTarget }) => void currentTarget.reportValidity()}
                />
              )}
            </Field>
          ))}
        </div>
        {textField("stop", t("playground.stopAt"), t("playground.stopAtHint"), settings.stop.join("\n"))}
      </div>
    </details>
  );
}
