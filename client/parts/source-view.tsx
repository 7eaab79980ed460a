import { useState } from "preact/hooks";
import type { LanguageId } from "../../protocol/language.ts";
import type { Source } from "../../protocol/source.ts";
import { t } from "../i18n.ts";
import { Copy } from "./copy.tsx";
import { Editor } from "./editor.tsx";

interface Props {
  /** Whose source it is; the same for the same source. */
  id: string;
  source: Source;
  language: LanguageId;
}

/** A submission's source to read: one file as it is, several one at a time. */
export function SourceView({ id, source, language }: Props) {
  const { files, entryPoint } = source;
  const [chosen, setChosen] = useState<string | null>(null);
  const file = files.find(({ name }) => name === chosen) ?? files[0];
  if (!file) return null;
  return (
    <section aria-labelledby="source" class="source">
      <header class="section-head">
        <h2 id="source">{t("submission.source")}</h2>
        <Copy text={file.text} label={t("submission.copySource")} />
      </header>
      {files.length > 1 ? (
        <ul class="strip" aria-label={t("files.title")}>
          {files.map(({ name }) => (
            <li key={name}>
              <button type="button" aria-pressed={name === file.name} onClick={() => setChosen(name)}>
                <code>{name}</code>
              </button>
            </li>
          ))}
          {entryPoint === null ? null : (
            <li class="soft">
              {t("files.startsAt")} <code>{entryPoint}</code>
            </li>
          )}
        </ul>
      ) : null}
      <Editor
        document={`${id}/${file.name}`}
        source={file.text}
        language={language}
        label={t("submission.source")}
        readOnly
      />
    </section>
  );
}
