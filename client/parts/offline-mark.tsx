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

/** How long the service worker may take to keep what a page has just been given. */
const KEPT_AFTER_MS = 1000;

/** Looks at what is kept when a page shows it, and again when what this page has asked for is kept too. */
export function useKeptPaths(): void {
  useEffect(() => {
    void lookAtKept();
    const timer = setTimeout(() => void lookAtKept(), KEPT_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}
