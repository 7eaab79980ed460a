import { useState } from "preact/hooks";
import { MAX_SOURCE_FILES, type Source, type SourceFile } from "../../protocol/source.ts";
import { t } from "../i18n.ts";
import { entryPoints, firstSource, freshName, nameFault } from "../source-files.ts";
import type { Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";

/** The files of a source: which is in the editor, more of them, new names, and where the program starts. */
export function SourceFiles({ bench }: { bench: Workbench }) {
  const { problem, source, file, files, language } = bench;
  const [renaming, setRenaming] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const full = source.files.length >= MAX_SOURCE_FILES;
  const take = async (chosen: readonly File[]): Promise<void> => {
    const { read, refused } = await readFiles(chosen);
    setWrong(refused.length === 0 ? null : t("files.badNames", { names: refused.join(", ") }));
    if (read.length === 0) return;
    files.put(read);
    const [only] = source.files;
    // What was opened takes the place of a starter that nobody has touched.
    if (only && isUntouched(bench, only) && read.every(({ name }) => name !== only.name))
      files.remove(only.name);
  };
  return (
    <div class="source-files">
      <ul aria-label={t("files.title")}>
        {source.files.map(({ name }) => (
          <li key={name}>
            <button
              type="button"
              class="small"
              aria-pressed={name === file.name}
              onClick={() => {
                files.select(name);
                setRenaming(false);
              }}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
      {renaming ? (
        <Rename
          key={file.name}
          source={source}
          name={file.name}
          rename={(name) => files.rename(file.name, name)}
          close={() => setRenaming(false)}
        />
      ) : (
        <span class="source-files-actions">
          <button
            type="button"
            class="small quiet"
            aria-label={t("files.renameOf", { name: file.name })}
            onClick={() => setRenaming(true)}
          >
            {t("files.rename")}
          </button>
          {source.files.length > 1 ? <Remove file={file} remove={() => files.remove(file.name)} /> : null}
          <button
            type="button"
            class="small quiet"
            disabled={full}
            onClick={() => {
              files.put([{ name: freshName(source), text: "" }]);
              setRenaming(true);
            }}
          >
            <Icon name="plus" />
            {t("files.new")}
          </button>
          <OpenFiles off={full} take={(chosen) => void take(chosen)} />
          {language === null ? null : (
            <EntryPoint
              source={source}
              choices={entryPoints(source, language)}
              choose={(entry) => files.startAt(entry)}
            />
          )}
        </span>
      )}
      {problem.types.includes("submit-answer") ? <p class="hint">{t("files.answers")}</p> : null}
      {wrong === null ? null : <Notice kind="error">{wrong}</Notice>}
    </div>
  );
}

function isUntouched({ problem, language, source }: Workbench, only: SourceFile): boolean {
  if (language === null || source.files.length !== 1) return false;
  return firstSource(problem, language).files.some(
    ({ name, text }) => name === only.name && text === only.text,
  );
}

async function readFiles(chosen: readonly File[]): Promise<{ read: SourceFile[]; refused: string[] }> {
  const allowed = chosen.filter(({ name }) => nameFault({ files: [], entryPoint: null }, name) === null);
  return {
    read: await Promise.all(allowed.map(async (file) => ({ name: file.name, text: await file.text() }))),
    refused: chosen.filter((file) => !allowed.includes(file)).map(({ name }) => name),
  };
}

function OpenFiles({ off, take }: { off: boolean; take: (files: File[]) => void }) {
  return (
    <label class="button small quiet open-files">
      <Icon name="tray" />
      {t("files.open")}
      <input
        type="file"
        multiple
        disabled={off}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that the same file can be chosen again once it was changed.
          event.currentTarget.value = "";
          take(files);
        }}
      />
    </label>
  );
}

interface RenameProps {
  source: Source;
  name: string;
  rename: (name: string) => void;
  close: () => void;
}

/** As soon as it is there, and not after the next picture: what somebody types right after the click is for the name. */
const selectAll = (input: HTMLInputElement | null): void => input?.select();

function Rename({ source, name, rename, close }: RenameProps) {
  const [next, setNext] = useState(name);
  const fault = next === name ? null : nameFault(source, next);
  return (
    <form
      class="source-files-actions"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault !== null) return;
        if (next !== name) rename(next);
        close();
      }}
    >
      <input
        ref={selectAll}
        class="small"
        aria-label={t("files.nameOf", { name })}
        aria-invalid={fault === null ? undefined : true}
        aria-describedby={fault === null ? undefined : "file-name-fault"}
        value={next}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setNext(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
        }}
      />
      <button class="small" disabled={fault !== null}>
        {t("action.save")}
      </button>
      <button type="button" class="small quiet" onClick={close}>
        {t("action.cancel")}
      </button>
      {fault === null ? null : (
        <span class="wrong" id="file-name-fault" role="alert">
          {t(`files.${fault}`)}
        </span>
      )}
    </form>
  );
}

/** Asks again before it throws away what somebody wrote. */
function Remove({ file, remove }: { file: SourceFile; remove: () => void }) {
  const [asked, setAsked] = useState<string | null>(null);
  const sure = asked === file.name;
  const act = (): void => {
    if (file.text.trim() === "" || sure) remove();
    else setAsked(file.name);
  };
  return (
    <button
      type="button"
      class={sure ? "small danger" : "small quiet"}
      aria-label={
        sure ? t("files.removeSure", { name: file.name }) : t("files.removeOf", { name: file.name })
      }
      onClick={act}
      onBlur={() => setAsked(null)}
    >
      {sure ? t("files.removeSure", { name: file.name }) : t("files.remove")}
    </button>
  );
}

interface EntryProps {
  source: Source;
  choices: readonly string[];
  choose: (entryPoint: string | null) => void;
}

function EntryPoint({ source, choices, choose }: EntryProps) {
  if (choices.length === 0) return null;
  return (
    <label class="entry-point">
      {t("files.startsAt")}
      <select
        class="small"
        value={source.entryPoint ?? ""}
        onChange={(event) => choose(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      >
        <option value="">{t("files.startsByRule")}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  );
}
