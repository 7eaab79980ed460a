import { useEffect } from "preact/hooks";
import { languages, type LanguageId } from "../../protocol/language.ts";
import { browserLanguages } from "../../wasm-runtimes/host.ts";
import { lasts } from "../../wasm-runtimes/shelf.ts";
import type { FilesState } from "../downloads.ts";
import { bytes } from "../format.ts";
import { locale, t } from "../i18n.ts";
import type { Runs } from "../runs.ts";
import { runtimes } from "../runtimes.ts";
import type { Place } from "../workbench.ts";
import { Icon } from "./icons.tsx";

interface Props {
  language: LanguageId;
  runs: Runs;
  /** Where the program would be run next. */
  place: Place;
}

/** What a run is doing, or else whether the language is ready to run here. */
export function RuntimeChip({ language, runs, place }: Props) {
  const phase = runs.phase.value.type;
  // A run that waits for a download has nothing to say that the download does not say better.
  if (phase !== "idle" && phase !== "downloading") {
    return (
      <span class="chip">
        <Icon name="dots" />
        {t(`runtime.${phase}`)}
      </span>
    );
  }
  // The button says that it runs there.
  if ((phase === "idle" && place === "judge") || !browserLanguages.includes(language)) return null;
  return <LanguageFiles language={language} />;
}

/** What of a language is on this machine, and what can be done about the rest. Draws several elements, for a row that wraps. */
export function LanguageFiles({ language }: { language: LanguageId }) {
  const { files, preparing, failure } = runtimes.stateOf(language).value;
  useEffect(() => void runtimes.look(language), [language]);
  return (
    <>
      {failure !== null && files.type !== "unknown" ? (
        <span class="chip chip-warning" title={failure}>
          <Icon name="warning" />
          {t("runtime.broke")}
        </span>
      ) : null}
      {preparing && files.type === "ready" ? (
        <span class="chip" title={t("runtime.preparingTitle")}>
          <Icon name="clock" />
          {t("runtime.preparing")}
        </span>
      ) : (
        <Files language={language} files={files} failure={failure} />
      )}
    </>
  );
}

interface FilesProps {
  language: LanguageId;
  files: FilesState;
  failure: string | null;
}

function Files({ language, files, failure }: FilesProps) {
  const { name } = languages[language];
  switch (files.type) {
    case "unknown":
      return failure === null ? null : (
        <span class="chip chip-warning" title={failure}>
          {t("runtime.unknown")}
        </span>
      );
    case "missing":
      return (
        <>
          <span class="chip" title={t("runtime.toDownloadTitle")}>
            {t("runtime.toDownload", { size: bytes(files.bytes) })}
          </span>
          <Act
            icon="download"
            label={t("runtime.get")}
            name={t("runtime.getOf", { language: name })}
            act={() => void runtimes.download(language)}
          />
        </>
      );
    case "partly":
      return (
        <>
          <span class="chip">
            {t("runtime.partly", { loaded: bytes(files.loaded), total: bytes(files.bytes) })}
          </span>
          <Act
            icon="download"
            label={t("runtime.resume")}
            name={t("runtime.resumeOf", { language: name })}
            act={() => void runtimes.download(language)}
          />
        </>
      );
    case "downloading":
      return (
        <>
          <span class="chip">
            <progress
              value={files.loaded}
              max={files.bytes}
              aria-label={t("runtime.downloadOf", { language: name })}
            />
            {t("runtime.downloading", { loaded: bytes(files.loaded), total: bytes(files.bytes) })}
          </span>
          <Act
            icon="cross"
            label={t("runtime.cancel")}
            name={t("runtime.cancelOf", { language: name })}
            act={() => runtimes.cancel(language)}
          />
          <Pace perSecond={files.perSecond} left={files.left} />
        </>
      );
    case "ready":
      return (
        <span class="chip chip-ready" title={lasts() ? t("runtime.offlineTitle") : undefined}>
          <Icon name="check" />
          {t(lasts() ? "runtime.offline" : "runtime.ready")}
        </span>
      );
    default:
      return files satisfies never;
  }
}

function Pace({ perSecond, left }: { perSecond: number | null; left: number | null }) {
  if (perSecond === null) return null;
  const rate = bytes(Math.round(perSecond));
  return (
    <small class="soft">
      {left === null ? t("runtime.rate", { rate }) : t("runtime.rateLeft", { rate, time: timeLeft(left) })}
    </small>
  );
}

/** `25 sec`, `4 min`. */
function timeLeft(seconds: number): string {
  const [count, unit] = seconds < 100 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

interface ActProps {
  icon: "download" | "cross";
  label: string;
  /** Says of which language, where only the label is to be seen. */
  name: string;
  act: () => void;
}

function Act({ icon, label, name, act }: ActProps) {
  return (
    <button type="button" class="quiet small" aria-label={name} onClick={act}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
