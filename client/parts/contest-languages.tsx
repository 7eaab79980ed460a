import { useState } from "preact/hooks";
import { LanguageId, languages } from "../../protocol/language.ts";
import { t } from "../i18n.ts";
import { FieldGroup } from "./field-group.tsx";

interface Props {
  /** Null for all. */
  chosen: readonly LanguageId[] | null;
  wrong: readonly string[];
}

/** Which languages may be submitted in: all that the judges have, or some. */
export function LanguageFields({ chosen, wrong }: Props) {
  const [some, setSome] = useState(chosen !== null);
  const kind = (value: "all" | "some") => (
    <label>
      <input
        type="radio"
        name="languages"
        value={value}
        checked={some === (value === "some")}
        onChange={() => setSome(value === "some")}
      />
      {t(`contestForm.languages.${value}`)}
    </label>
  );
  return (
    <FieldGroup label={t("limits.languages")} wrong={wrong}>
      <div class="choices">
        {kind("all")}
        {kind("some")}
      </div>
      {some ? (
        <div class="choices">
          {LanguageId.options.map((id) => (
            <label key={id}>
              <input
                type="checkbox"
                name="language"
                value={id}
                defaultChecked={chosen?.includes(id) ?? false}
              />
              {languages[id].name}
            </label>
          ))}
        </div>
      ) : null}
    </FieldGroup>
  );
}
