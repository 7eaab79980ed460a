import { useEffect } from "preact/hooks";
import { languages } from "../../protocol/language.ts";
import { browserLanguages } from "../../wasm-runtimes/host.ts";
import { t } from "../i18n.ts";
import { runtimes } from "../runtimes.ts";

/** Which languages run here without the network; nothing while there is none. */
export function OfflineLanguages() {
  useEffect(() => {
    for (const language of browserLanguages) void runtimes.look(language);
  }, []);
  const ready = browserLanguages.filter((id) => {
    const { files, preparing } = runtimes.stateOf(id).value;
    return files.type === "ready" && !preparing;
  });
  if (ready.length === 0) return null;
  return (
    <span class="soft">
      {t("offline.readyLanguages", { names: ready.map((id) => languages[id].name).join(", ") })}
    </span>
  );
}
