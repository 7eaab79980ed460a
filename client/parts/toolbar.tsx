import { useLocation } from "preact-iso";
import { LanguageId, languages } from "../../protocol/language.ts";
import { timeOfDay } from "../format.ts";
import { t } from "../i18n.ts";
import { changeCodeSize, nextCodeSize } from "../layout.ts";
import { account } from "../session.ts";
import { browserLanguages } from "../../wasm-runtimes/host.ts";
import { isMissing, versionsOf } from "../judging.ts";
import type { Place, Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { RuntimeChip } from "./runtime-chip.tsx";
import { signInPath } from "./signed-in.tsx";

interface ToolbarProps {
  bench: Workbench;
  filesShown: boolean;
  /** Shows or hides the list of files; null where it is always shown. */
  toggleFiles: (() => void) | null;
  showHistory: () => void;
}

/** Above the editor: the language, whether it runs here, and the two buttons that must not be confused. */
export function Toolbar({ bench, filesShown, toggleFiles, showHistory }: ToolbarProps) {
  const { language, saved, handingIn } = bench;
  const { url } = useLocation();
  const at = saved.value;
  return (
    <div class="toolbar">
      {language === null || language === "answers" ? null : (
        <>
          <LanguageSelect bench={bench} language={language} />
          <RuntimeChip language={language} runs={bench.busy ?? bench.ownPlan.runs} place={placeOf(bench)} />
        </>
      )}
      {toggleFiles === null || language === null ? null : (
        <button
          type="button"
          class="quiet small"
          aria-expanded={filesShown}
          title={t("files.title")}
          onClick={toggleFiles}
        >
          <Icon name="list" />
          <span class="word">{t("files.title")}</span>
        </button>
      )}
      {language === null ? null : (
        <button type="button" class="quiet small" title={t("history.title")} onClick={showHistory}>
          <Icon name="clock" />
          <span class="word">{t("history.title")}</span>
        </button>
      )}
      <CodeSize />
      {at === null ? null : (
        <span class={at === "failed" ? "saved wrong" : "saved soft"}>
          {at === "failed" ? t("problem.notSaved") : t("problem.saved", { time: timeOfDay(at) })}
        </span>
      )}
      <span class="toolbar-actions">
        <RunButton bench={bench} />
        {account.value ? (
          <button
            type="button"
            class="primary"
            onClick={bench.handIn}
            disabled={language === null}
            aria-disabled={handingIn}
            aria-keyshortcuts="Control+Enter Meta+Enter"
            title={t("problem.submitTitle")}
          >
            <Icon name="send" />
            {t("problem.submit")}
          </button>
        ) : (
          <a class="button primary" href={signInPath(url)}>
            {t("problem.signInToSubmit")}
          </a>
        )}
      </span>
    </div>
  );
}

const sizeSteps = [
  { step: -1, sign: "A−", label: "layout.smaller" },
  { step: 1, sign: "A+", label: "layout.larger" },
] as const;

/** Smaller and larger code: a choice of the reader's eyes, apart from the page's zoom. */
function CodeSize() {
  return (
    <span class="code-size">
      {sizeSteps.map(({ step, sign, label }) => (
        <button
          key={step}
          type="button"
          class="quiet small"
          disabled={nextCodeSize(step) === null}
          title={t(label)}
          onClick={() => changeCodeSize(step)}
        >
          {sign} <span class="sr-only">{t(label)}</span>
        </button>
      ))}
    </span>
  );
}

const placeOf = ({ tab, samplesPlan, ownPlan }: Workbench): Place =>
  (tab === "own" ? ownPlan : samplesPlan).place;

/** Every language of the problem with the versions that judges have; one that nobody could judge cannot be chosen. */
function LanguageSelect({ bench, language }: { bench: Workbench; language: LanguageId }) {
  const { problem, judging } = bench;
  const nameOf = (id: LanguageId): string => {
    const { name } = languages[id];
    if (judging === null) return name;
    const versions = versionsOf(judging, id).map((version) => shortVersion(version, name));
    if (isMissing(judging, id)) return t("language.missing", { name });
    return versions.length === 0 ? name : `${name} (${versions.join(", ")})`;
  };
  return (
    <select
      class="language-select"
      aria-label={t("problem.language")}
      value={language}
      onChange={(event) => {
        const chosen = LanguageId.options.find((id) => id === event.currentTarget.value);
        if (chosen) bench.switchLanguage(chosen);
      }}
    >
      {problem.languages.map((id) => (
        <option
          key={id}
          value={id}
          disabled={id !== language && isMissing(judging, id) && !browserLanguages.includes(id)}
        >
          {nameOf(id)}
        </option>
      ))}
    </select>
  );
}

/** `Python 3.13.5` is `3.13.5` where the name stands beside it. */
function shortVersion(version: string, name: string): string {
  const first = name.split(" ")[0] ?? name;
  return version.startsWith(`${first} `) ? version.slice(first.length + 1) : version;
}

function RunButton({ bench }: { bench: Workbench }) {
  if (bench.busy) {
    return (
      <button type="button" onClick={bench.busy.stop}>
        <Icon name="stop" />
        {t("problem.stop")}
      </button>
    );
  }
  const { place, obstacle } = bench.tab === "own" ? bench.ownPlan : bench.samplesPlan;
  const onJudge = place === "judge" && obstacle !== "submit-answer";
  return (
    <button
      type="button"
      onClick={bench.run}
      disabled={obstacle !== null}
      aria-keyshortcuts="Control+' Meta+'"
      title={
        obstacle === null
          ? t(onJudge ? "problem.runOnJudgeTitle" : "problem.runTitle")
          : t(`obstacle.${obstacle}`)
      }
    >
      <Icon name="play" />
      {t(onJudge ? "problem.runOnJudge" : "problem.run")}
    </button>
  );
}
