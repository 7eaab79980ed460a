import { useRef, useState } from "preact/hooks";
import { MAX_ALIASED, MAX_ALIASES, type ModelAlias } from "../../protocol/model-alias.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import "../locales/wishes.ts";
import { Field } from "../parts/field.tsx";
import { namesIn } from "./names.ts";

/** An alias as it is typed. */
interface Draft {
  key: number;
  name: string;
  models: string;
}

export interface AliasDrafts {
  drafts: readonly Draft[];
  set: (drafts: readonly Draft[]) => void;
}

/** The aliases of a form, which begin as they were. */
export function useAliases(aliases: readonly ModelAlias[]): AliasDrafts {
  const [drafts, set] = useState<readonly Draft[]>(() =>
    aliases.map(({ name, models }, key) => ({ key, name, models: models.join(", ") })),
  );
  return { drafts, set };
}

/** As they are sent. */
export const aliasesOf = ({ drafts }: AliasDrafts): ModelAlias[] =>
  drafts.map(({ name, models }) => ({ name: name.trim(), models: namesIn(models) }));

/** The fields of the request that the inputs below are for. */
export const aliasNames = ({ drafts }: AliasDrafts): string[] =>
  drafts.flatMap((_, index) => [`aliases.${index}.name`, `aliases.${index}.models`]);

/** Names for models: one beside what it stands for, and more of them as they are added. */
export function AliasFields({ aliases, errors }: { aliases: AliasDrafts; errors: FieldErrors }) {
  const { drafts, set } = aliases;
  const change = (key: number, some: Partial<Draft>): void =>
    set(drafts.map((draft) => (draft.key === key ? { ...draft, ...some } : draft)));
  const adds = useRef<HTMLButtonElement>(null);
  const added = useRef<number | null>(null);
  const add = (): void => {
    const key = Math.max(-1, ...drafts.map((draft) => draft.key)) + 1;
    added.current = key;
    set([...drafts, { key, name: "", models: "" }]);
  };
  /** Whoever adds a name types it next. */
  const begin = (key: number) => (input: HTMLInputElement | null) => {
    if (input === null || added.current !== key) return;
    added.current = null;
    input.focus();
  };
  const remove = (key: number): void => {
    // The focus would go with the button that was pressed.
    adds.current?.focus();
    set(drafts.filter((draft) => draft.key !== key));
  };
  return (
    <>
      {drafts.length === 0 ? <p class="empty">{t("aliases.none")}</p> : null}
      {drafts.map(({ key, name, models }, index) => (
        <div key={key} class="field-row alias">
          <Field name={`aliases.${index}.name`} label={t("aliases.name")} errors={errors}>
            {(input) => (
              <input
                {...input}
                ref={begin(key)}
                required
                maxLength={100}
                autocomplete="off"
                spellcheck={false}
                value={name}
                onInput={(event) => change(key, { name: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field
            name={`aliases.${index}.models`}
            label={t("aliases.models")}
            hint={t("aliases.modelsHint", { count: MAX_ALIASED })}
            errors={errors}
          >
            {(input) => (
              <input
                {...input}
                required
                autocomplete="off"
                spellcheck={false}
                value={models}
                onInput={(event) => change(key, { models: event.currentTarget.value })}
              />
            )}
          </Field>
          <p>
            <button
              type="button"
              class="small"
              aria-label={t("aliases.removeOf", { name: name || t("aliases.unnamed") })}
              onClick={() => remove(key)}
            >
              {t("aliases.remove")}
            </button>
          </p>
        </div>
      ))}
      {drafts.length < MAX_ALIASES ? (
        <p>
          <button ref={adds} type="button" class="small" onClick={add}>
            {t("aliases.add")}
          </button>
        </p>
      ) : null}
    </>
  );
}
