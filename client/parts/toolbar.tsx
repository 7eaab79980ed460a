import { useLocation } from "preact-iso";
import { LanguageId, languages } from "../../protocol/language.ts";
import { timeOfDay } from "../format.ts";
import { t } from "../i18n.ts";
import { account } from "../session.ts";
import type { Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { RuntimeChip } from "./runtime-chip.tsx";
import { signInPath } from "./signed-in.tsx";

/** Above the editor: the language, whether it runs here, and the two buttons that must not be confused. */
export function Toolbar({ bench }: { bench: Workbench }) {
  const { problem, language, saved, practice, handingIn } = bench;
  const { url } = useLocation();
  const at = saved.value;
  return (
    <div class="toolbar">
      {language === null ? null : (
        <select
          aria-label={t("problem.language")}
          value={language}
          onChange={(event) => {
            const chosen = LanguageId.options.find((id) => id === event.currentTarget.value);
            if (chosen) bench.switchLanguage(chosen);
          }}
        >
          {problem.languages.map((id) => (
            <option key={id} value={id}>
              {languages[id].name}
            </option>
          ))}
        </select>
      )}
      {language === null ? null : <RuntimeChip language={language} practice={practice} />}
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

function RunButton({ bench }: { bench: Workbench }) {
  const busy = bench.practice.phase.value.type !== "idle";
  if (busy) {
    return (
      <button type="button" onClick={bench.practice.stop}>
        <Icon name="stop" />
        {t("problem.stop")}
      </button>
    );
  }
  const possible = bench.tab === "own" ? bench.runsHere : bench.obstacle === null;
  return (
    <button
      type="button"
      onClick={bench.run}
      disabled={!possible}
      aria-keyshortcuts="Control+' Meta+'"
      title={possible ? t("problem.runTitle") : t(`obstacle.${bench.obstacle ?? "no-runtime"}`)}
    >
      <Icon name="play" />
      {t("problem.run")}
    </button>
  );
}
