import { useEffect, useState } from "preact/hooks";
import type { LanguageId } from "../../protocol/language.ts";
import { browserLanguages, downloadSize } from "../../wasm-runtimes/host.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import type { Runs } from "../runs.ts";
import type { Place } from "../workbench.ts";
import { Icon } from "./icons.tsx";

interface Props {
  language: LanguageId;
  runs: Runs;
  /** Where the program would be run next. */
  place: Place;
}

/** Whether the language is ready to run, how much it would have to load first, and how far that is. */
export function RuntimeChip({ language, runs, place }: Props) {
  const phase = runs.phase.value;
  const downloading = phase.type === "downloading";
  const size = useDownloadSize(language, downloading);
  if (downloading) {
    return (
      <span class="chip">
        {t("runtime.downloading", { loaded: bytes(phase.loaded), total: bytes(phase.total) })}
        <progress value={phase.loaded} max={phase.total} aria-label={t("runtime.download")} />
      </span>
    );
  }
  if (phase.type !== "idle") {
    return (
      <span class="chip">
        <Icon name="dots" />
        {t(`runtime.${phase.type}`)}
      </span>
    );
  }
  // The button says that it runs there.
  if (place === "judge") return null;
  if (size === "unknown") return <span class="chip chip-warning">{t("runtime.unknown")}</span>;
  if (size === null) return null;
  return size.cached ? (
    <span class="chip chip-ready">
      <Icon name="check" />
      {t("runtime.ready")}
    </span>
  ) : (
    <span class="chip" title={t("runtime.toDownloadTitle")}>
      <Icon name="download" />
      {t("runtime.toDownload", { size: bytes(size.bytes) })}
    </span>
  );
}

type Size = { bytes: number; cached: boolean };

/** Asked for again when a download has ended, since it is then on this machine. */
function useDownloadSize(language: LanguageId, downloading: boolean): Size | "unknown" | null {
  const [size, setSize] = useState<{ language: LanguageId; size: Size | "unknown" } | null>(null);
  useEffect(() => {
    if (downloading || !browserLanguages.includes(language)) return;
    let gone = false;
    const settle = (found: Size | "unknown"): void => {
      if (!gone) setSize({ language, size: found });
    };
    downloadSize(language).then(settle, () => settle("unknown"));
    return () => {
      gone = true;
    };
  }, [language, downloading]);
  return size?.language === language ? size.size : null;
}
