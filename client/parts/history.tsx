import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Source } from "../../protocol/source.ts";
import { shortTime, timeOfDay } from "../format.ts";
import { readHistory, type Version } from "../history.ts";
import { locale, t } from "../i18n.ts";
import { hunks, lineDiff, type LineChange } from "../line-diff.ts";
import type { Workbench } from "../workbench.ts";

interface Props {
  bench: Workbench;
  close: () => void;
}

/** Earlier versions of the draft: when each was kept and why, how it differs from what is in the editor now, and the way back to it. */
export function History({ bench, close }: Props) {
  const { place, language, source, restore } = bench;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [versions, setVersions] = useState<Version[] | "loading" | "unreadable">("loading");
  const [chosenAt, choose] = useState<number | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (language === null) return;
    void readHistory(place, language).then((found) => setVersions(found ?? "unreadable"));
  }, [place, language]);
  const chosen =
    typeof versions === "string" ? undefined : (versions.find(({ at }) => at === chosenAt) ?? versions[0]);
  return (
    <dialog ref={dialog} class="history" onClose={close} aria-labelledby={title}>
      <header class="dialog-head">
        <h2 id={title}>{t("history.title")}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </header>
      {versions === "loading" ? <p class="waiting">{t("history.loading")}</p> : null}
      {versions === "unreadable" ? <p class="empty">{t("history.unreadable")}</p> : null}
      {typeof versions !== "string" && versions.length === 0 ? (
        <p class="empty">{t("history.empty")}</p>
      ) : null}
      {bench.historyFull.value ? <p class="wrong">{t("history.full")}</p> : null}
      {typeof versions === "string" || chosen === undefined ? null : (
        <div class="history-parts">
          <ol class="history-list" aria-label={t("history.versions")}>
            {versions.map((version) => (
              <li key={version.at}>
                <button
                  type="button"
                  class="small"
                  aria-pressed={version === chosen}
                  onClick={() => choose(version.at)}
                >
                  <time dateTime={new Date(version.at).toISOString()}>{momentOf(version.at)}</time>
                  <span class="soft">{t(`historyWhy.${version.why}`)}</span>
                </button>
              </li>
            ))}
          </ol>
          <section class="history-version" aria-label={momentOf(chosen.at)}>
            <Changes from={chosen} to={source} />
            <p class="actions">
              <button
                type="button"
                class="primary"
                onClick={() => {
                  restore(chosen);
                  dialog.current?.close();
                }}
              >
                {t("history.restore")}
              </button>
              <span class="hint">{t("history.restoreHint")}</span>
            </p>
          </section>
        </div>
      )}
    </dialog>
  );
}

/** `16:50:07`, since several versions may be of one minute, with the day in front unless it is today. */
function momentOf(at: number): string {
  const day = shortTime(at, Date.now());
  const time = new Intl.DateTimeFormat(locale.value, { timeStyle: "medium" }).format(at);
  return day === timeOfDay(at) ? time : `${day}, ${time}`;
}

const CONTEXT = 3;

/** What would have to be done to an earlier version to get what is in the editor now, file by file. */
function Changes({ from, to }: { from: Source; to: Source }) {
  const files = useMemo(() => changedFiles(from, to), [from, to]);
  if (files.length === 0) return <p class="empty">{t("history.same")}</p>;
  return (
    <>
      {files.map(({ name, changes }) => (
        <section key={name}>
          <h3>
            {name}{" "}
            <span class="soft">
              {t("history.changes", { added: count(changes, "added"), removed: count(changes, "removed") })}
            </span>
          </h3>
          <pre class="block changes">
            {hunks(changes, CONTEXT).map((one, index) =>
              typeof one === "number" ? (
                <span key={index} class="left-out">
                  {t("diff.leftOut", { count: one })}
                </span>
              ) : (
                <Change key={index} change={one} />
              ),
            )}
          </pre>
        </section>
      ))}
    </>
  );
}

function Change({ change: { kind, text } }: { change: LineChange }) {
  if (kind === "same") return <span>{`  ${text}`}</span>;
  return kind === "added" ? (
    <ins>
      <span class="sr-only">{t("history.added")} </span>
      {`+ ${text}`}
    </ins>
  ) : (
    <del>
      <span class="sr-only">{t("history.removed")} </span>
      {`− ${text}`}
    </del>
  );
}

const count = (changes: readonly LineChange[], kind: LineChange["kind"]): number =>
  changes.filter((one) => one.kind === kind).length;

function changedFiles(from: Source, to: Source): { name: string; changes: LineChange[] }[] {
  const textOf = ({ files }: Source, name: string): string =>
    files.find((file) => file.name === name)?.text ?? "";
  const names = new Set([...from.files, ...to.files].map(({ name }) => name));
  return [...names]
    .map((name) => ({ name, changes: lineDiff(textOf(from, name), textOf(to, name)) }))
    .filter(({ changes }) => changes.some(({ kind }) => kind !== "same"));
}
