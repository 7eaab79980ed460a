import { useEffect, useMemo } from "preact/hooks";
import type { LanguageId } from "../../protocol/language.ts";
import type { CompilerMessage } from "../../rules/compiler-messages.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { runtimes } from "../runtimes.ts";
import { createTypeCheck, type TypeCheckState } from "../type-check.ts";
import type { Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { Said } from "./said.tsx";

interface Props {
  bench: Workbench;
  language: LanguageId;
  /** For the marks in the editor; of an identity that stays. */
  mark: (faults: readonly CompilerMessage[]) => void;
}

/** Below the editor: asks whether a program's types fit, which running it does not, and leads to what does not fit. */
export function TypeCheck({ bench, language, mark }: Props) {
  const check = useMemo(() => createTypeCheck(language, runtimes), [language]);
  useEffect(() => () => check.close(), [check]);
  const state = check.state.value;
  const error = state.type === "done" ? state.error : null;
  useEffect(() => {
    mark(error?.messages ?? []);
    return () => mark([]);
  }, [error, mark]);
  const busy = state.type === "checking" || state.type === "downloading";
  return (
    <div class="type-check">
      <p>
        {busy ? (
          <button type="button" class="quiet small" onClick={check.stop}>
            <Icon name="stop" />
            {t("problem.stop")}
          </button>
        ) : (
          <button
            type="button"
            class="quiet small"
            title={t("types.checkTitle")}
            onClick={() => void check.start(bench.source)}
          >
            <Icon name="check" />
            {t("types.check")}
          </button>
        )}
        <output class="soft">{textOf(state)}</output>
        {error === null ? null : (
          <button type="button" class="quiet small" onClick={check.stop}>
            <Icon name="cross" />
            {t("action.close")}
          </button>
        )}
      </p>
      {error === null ? null : <Said bench={bench} text={error.text} />}
    </div>
  );
}

function textOf(state: TypeCheckState): string {
  switch (state.type) {
    case "idle":
      return "";
    case "downloading":
      return t("types.downloading", { loaded: bytes(state.loaded), total: bytes(state.total) });
    case "checking":
      return t("types.checking");
    case "done":
      return state.error === null
        ? t("types.fit")
        : t("types.faults", { count: state.error.messages.length });
    case "failed":
      return t("types.failed", { reason: state.text });
    default:
      return state satisfies never;
  }
}
