import { useEffect, useState } from "preact/hooks";
import { ContestList } from "../../protocol/contest.ts";
import { languages, type LanguageId } from "../../protocol/language.ts";
import { persist, type KeptOnThisMachine } from "../../wasm-runtimes/storage.ts";
import { request } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { lookAtKept } from "../kept.ts";
import { useLoaded } from "../load.ts";
import { away } from "../network.ts";
import {
  bytesToLoad,
  keepProblems,
  languageBytesToLoad,
  loadSet,
  missingOf,
  type ProblemSet,
} from "../practice-pack.ts";
import { runtimes } from "../runtimes.ts";
import { account } from "../session.ts";
import { LoadError } from "./await.tsx";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  machine: KeptOnThisMachine;
  lookAgain: () => void;
}

/** A whole set of problems and the languages to solve them in, by one button. */
export function PracticePack({ machine, lookAgain }: Props) {
  const [contest, setContest] = useState<string | null>(null);
  const me = account.value?.id ?? "";
  const contests = useLoaded(`contests of ${me}`, (signal) =>
    request(ContestList, "/api/contests", { signal }),
  );
  const set = useLoaded(`set ${contest ?? ""} of ${me}`, (signal) => loadSet(contest, signal));
  return (
    <section aria-labelledby="offline-pack">
      <h2 id="offline-pack">{t("offline.pack")}</h2>
      <p class="soft">{t("offline.packHow")}</p>
      <label for="pack-set">{t("offline.problems")}</label>
      <select
        id="pack-set"
        value={contest ?? ""}
        onChange={({ currentTarget: { value } }) => setContest(value === "" ? null : value)}
      >
        <option value="">{t("offline.archive")}</option>
        {contests.loaded.state === "ready"
          ? contests.loaded.value.contests.map(({ slug, name }) => (
              <option key={slug} value={slug}>
                {name}
              </option>
            ))
          : null}
      </select>
      {away.value ? null : <LoadError loading={set} />}
      {set.loaded.state === "ready" ? (
        <PackOf key={contest ?? ""} set={set.loaded.value} machine={machine} lookAgain={lookAgain} />
      ) : null}
    </section>
  );
}

function PackOf({ set, machine, lookAgain }: Props & { set: ProblemSet }) {
  const [chosen, setChosen] = useState<readonly LanguageId[]>(() =>
    machine.languages.filter(({ wanted }) => wanted).map(({ language }) => language),
  );
  const missing = missingOf(set.problems);
  const size = useLoaded(`size of ${missing.map(({ path }) => path).join()}`, () =>
    bytesToLoad(set.problems),
  );
  const work = usePackDownload(set, chosen, lookAgain);
  const problemBytes = size.loaded.state === "ready" ? size.loaded.value : 0;
  // Languages share files, so their sizes do not add up.
  const { loaded } = useLoaded(
    `bytes of ${chosen.join()} beside ${machine.languages.map(({ keptBytes }) => keptBytes).join()}`,
    () => languageBytesToLoad(chosen),
  );
  const languageBytes = loaded.state === "ready" ? loaded.value : 0;
  const rest = bytes(languageBytes + problemBytes);
  const weighing = size.loaded.state === "loading" || loaded.state === "loading";
  const preparing = chosen.some((language) => runtimes.stateOf(language).value.preparing);
  const complete = missing.length === 0 && loaded.state === "ready" && languageBytes === 0 && !preparing;
  return (
    <>
      <p>
        {t("offline.problemsHere", { here: set.problems.length - missing.length, all: set.problems.length })}
        {missing.length > 0 ? ` ${t("offline.othersBytes", { size: bytes(problemBytes) })}` : ""}
      </p>
      <fieldset class="choices">
        <legend>{t("offline.packLanguages")}</legend>
        {machine.languages.map(({ language, bytes: all, keptBytes }) => (
          <label key={language}>
            <input
              type="checkbox"
              checked={chosen.includes(language)}
              disabled={work.running}
              onChange={({ currentTarget: { checked } }) =>
                setChosen(checked ? [...chosen, language] : chosen.filter((one) => one !== language))
              }
            />
            {languages[language].name}{" "}
            <span class="soft">
              {keptBytes >= all
                ? t("runtime.offline")
                : t("runtime.toDownload", { size: bytes(all - keptBytes) })}
            </span>
          </label>
        ))}
      </fieldset>
      {work.failure === null ? null : <Notice kind="error">{work.failure}</Notice>}
      {preparing ? <Notice kind="info">{t("runtime.preparingTitle")}</Notice> : null}
      {complete ? (
        <Notice kind="done">{t("offline.packReady")}</Notice>
      ) : work.running ? (
        <PackProgress work={work} chosen={chosen} missing={missing.length} />
      ) : (
        <p class="actions">
          <button type="button" class="primary" disabled={away.value || weighing} onClick={work.start}>
            <Icon name="download" />
            {t(work.began ? "offline.resumeAll" : "offline.downloadAll", { size: rest })}
          </button>
        </p>
      )}
    </>
  );
}

interface PackDownload {
  running: boolean;
  /** Whether it was started before, and so goes on where it stopped. */
  began: boolean;
  loaded: number;
  failure: string | null;
  start: () => void;
  cancel: () => void;
}

function usePackDownload(
  set: ProblemSet,
  chosen: readonly LanguageId[],
  lookAgain: () => void,
): PackDownload {
  const [stop, setStop] = useState<AbortController | null>(null);
  const [began, setBegan] = useState(false);
  const [loaded, setLoaded] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => () => stop?.abort(), [stop]);
  const start = (): void => {
    const stopping = new AbortController();
    setStop(stopping);
    setBegan(true);
    setLoaded(0);
    setFailure(null);
    void persist();
    bringPack(set, chosen, (more) => setLoaded((sum) => sum + more), stopping.signal)
      .catch((thrown: unknown) => {
        if (!stopping.signal.aborted) setFailure(thrown instanceof Error ? thrown.message : String(thrown));
      })
      .finally(() => {
        setStop(null);
        lookAgain();
      });
  };
  return { running: stop !== null, began, loaded, failure, start, cancel: () => stop?.abort() };
}

/** Problems first: they are small, and without them no language is of use. */
async function bringPack(
  set: ProblemSet,
  chosen: readonly LanguageId[],
  hear: (bytes: number) => void,
  stop: AbortSignal,
): Promise<void> {
  const wanted: ProblemSet = { lists: set.lists, problems: missingOf(set.problems) };
  await keepProblems(wanted, chosen, hear, stop);
  await lookAtKept();
  for (const language of chosen) {
    stop.throwIfAborted();
    const cancel = (): void => runtimes.cancel(language);
    stop.addEventListener("abort", cancel, { once: true });
    const here = await runtimes.download(language);
    stop.removeEventListener("abort", cancel);
    stop.throwIfAborted();
    if (!here) throw new Error(runtimes.stateOf(language).value.failure ?? t("runtime.broke"));
  }
}

interface PackProgressProps {
  work: PackDownload;
  chosen: readonly LanguageId[];
  missing: number;
}

function PackProgress({ work, chosen, missing }: PackProgressProps) {
  const states = chosen.map((language) => runtimes.stateOf(language).value.files);
  const total = states.reduce((sum, files) => sum + ("bytes" in files ? files.bytes : 0), work.loaded);
  const loaded = states.reduce(
    (sum, files) => sum + (files.type === "ready" ? files.bytes : "loaded" in files ? files.loaded : 0),
    work.loaded,
  );
  return (
    <p class="actions">
      <progress value={loaded} max={Math.max(total, 1)} aria-label={t("offline.pack")} />
      <output>
        {missing > 0 && chosen.length === 0
          ? t("offline.problemsLeft", { count: missing })
          : t("runtime.downloading", { loaded: bytes(loaded), total: bytes(total) })}
      </output>
      <button type="button" onClick={work.cancel}>
        {t("action.cancel")}
      </button>
    </p>
  );
}
