import { useId } from "preact/hooks";
import { TeamColumn, TeamSeparator } from "../../protocol/team-list.ts";
import { listEncodings } from "../../rules/team-csv-decode.ts";
import { t } from "../i18n.ts";
import { columnsOf, draftOfFile, emptyDraft, reread, type ListDraft } from "../team-list.ts";
import { Notice } from "./notice.tsx";

interface Props {
  draft: ListDraft;
  change: (draft: ListDraft) => void;
}

/** A list as a file or as text, and how it is read. */
export function TeamListSource({ draft, change }: Props) {
  const id = useId();
  const take = async (file: File | undefined): Promise<void> => {
    if (file) change(draftOfFile(file.name, new Uint8Array(await file.arrayBuffer())));
  };
  return (
    <div
      class="form rejudging-form"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <label class="field">
        {t("teams.file")}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <div class="field">
        <label for={id}>{t("teams.text")}</label>
        <textarea
          id={id}
          rows={6}
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          value={draft.text}
          onInput={(event) =>
            change({ ...emptyDraft, choices: draft.choices, text: event.currentTarget.value })
          }
        />
        <p class="hint" id={`${id}-hint`}>
          {t("teams.textHint")}
        </p>
      </div>
      {draft.file?.guessed ? <Notice kind="warning">{t("teams.encodingGuessed")}</Notice> : null}
      {draft.text.trim() === "" ? null : <Reading draft={draft} change={change} />}
    </div>
  );
}

/** How the list is read, found out from itself unless the reader knows better. */
function Reading({ draft, change }: Props) {
  const { file, choices } = draft;
  const choose = (changes: Partial<ListDraft["choices"]>): void =>
    change({ ...draft, choices: { ...choices, columns: null, ...changes } });
  return (
    <>
      <div class="field-row">
        {file === null ? null : (
          <label class="field">
            {t("teams.encoding")}
            <select
              onChange={(event) => {
                const chosen = listEncodings.find((one) => one === event.currentTarget.value);
                if (chosen !== undefined) change(reread(draft, chosen));
              }}
            >
              {listEncodings.map((one) => (
                <option key={one} value={one} selected={one === file.encoding}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          {t("teams.separator")}
          <select
            onChange={(event) =>
              choose({
                separator: TeamSeparator.options.find((one) => one === event.currentTarget.value) ?? null,
              })
            }
          >
            <option value="">{t("teams.detected")}</option>
            {TeamSeparator.options.map((one) => (
              <option key={one} value={one} selected={one === choices.separator}>
                {one === "\t" ? t("teams.tab") : one}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {t("teams.header")}
          <select
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              choose({ header: chosen === "" ? null : chosen === "yes" });
            }}
          >
            <option value="">{t("teams.detected")}</option>
            <option value="yes" selected={choices.header === true}>
              {t("teams.headerYes")}
            </option>
            <option value="no" selected={choices.header === false}>
              {t("teams.headerNo")}
            </option>
          </select>
        </label>
      </div>
      <Columns draft={draft} change={change} />
    </>
  );
}

/** What each column holds. */
function Columns({ draft, change }: Props) {
  const columns = columnsOf(draft);
  if (columns.length < 2) return null;
  const choose = (at: number, chosen: string): void => {
    const holds = TeamColumn.options.find((one) => one === chosen) ?? null;
    const all = columns.map((column, index) => (index === at ? holds : column.holds));
    change({ ...draft, choices: { ...draft.choices, columns: all } });
  };
  return (
    <fieldset class="field">
      <legend>{t("teams.columns")}</legend>
      <div class="field-row">
        {columns.map(({ holds, title, sample }, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a column is its place
          <label key={at} class="field">
            {title === "" ? t("teams.column", { position: at + 1 }) : title}
            <select onChange={(event) => choose(at, event.currentTarget.value)}>
              <option value="">{t("teams.notRead")}</option>
              {TeamColumn.options.map((one) => (
                <option key={one} value={one} selected={one === holds}>
                  {t(`teamColumn.${one}`)}
                </option>
              ))}
            </select>
            <span class="hint">{sample.slice(0, MOST_OF_SAMPLE)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const MOST_OF_SAMPLE = 40;
