import { useEffect } from "preact/hooks";
import { t } from "../i18n.ts";
import { keptPaths, lookAtKept } from "../kept.ts";
import { Icon } from "./icons.tsx";

/** Says that a problem can be opened here without the network. */
export function OfflineMark({ path }: { path: string }) {
  if (!keptPaths.value.has(path)) return null;
  return (
    <span class="chip chip-ready offline-mark" title={t("offline.markTitle")}>
      <Icon name="check" />
      {t("offline.mark")}
    </span>
  );
}

/** Keeps the marks of a page up to date. */
export function useKeptPaths(): void {
  useEffect(() => void lookAtKept(), []);
}
