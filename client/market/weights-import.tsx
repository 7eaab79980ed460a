import { useEffect, useState } from "preact/hooks";
import { asApiError, errorText, type ApiError } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { Notice } from "../parts/notice.tsx";
import { sendWeights, type SendProgress } from "./weights-send.ts";

type Import =
  | { state: "idle" }
  | { state: "running"; progress: SendProgress; all: number; stop: AbortController }
  | { state: "stopped" }
  | { state: "done"; name: string; bytes: number }
  | { state: "refused"; error: ApiError };

/** Brings a file of the reader's to the site. Leaving the page stops it; what came stays. */
export function WeightsImportForm({ changed }: { changed: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [now, setNow] = useState<Import>({ state: "idle" });
  const running = now.state === "running";
  const stop = running ? now.stop : null;
  useEffect(() => () => stop?.abort(), [stop]);
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (file === null || running) return;
    const stopping = new AbortController();
    const hear = (progress: SendProgress): void =>
      setNow({ state: "running", progress, all: file.size, stop: stopping });
    hear({ phase: "sum", doneBytes: 0 });
    try {
      const sent = await sendWeights(file, hear, stopping.signal);
      setNow({ state: "done", name: sent.name, bytes: sent.bytes });
    } catch (thrown) {
      setNow(
        stopping.signal.aborted ? { state: "stopped" } : { state: "refused", error: asApiError(thrown) },
      );
    }
    changed();
  };
  return (
    <section class="card" aria-labelledby="import-weights">
      <h2 id="import-weights">{t("weights.import")}</h2>
      <p class="soft">{t("weights.importAbout")}</p>
      <form class="form" onSubmit={(event) => void send(event)}>
        <Told now={now} />
        <label class="field">
          {t("weights.file")}
          <input
            type="file"
            required
            disabled={running}
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <p class="actions">
          <button class="primary" disabled={running || file === null}>
            {t("weights.send")}
          </button>
          {stop === null ? null : (
            <button type="button" onClick={() => stop.abort()}>
              {t("weights.cancel")}
            </button>
          )}
        </p>
      </form>
    </section>
  );
}

function Told({ now }: { now: Import }) {
  switch (now.state) {
    case "idle":
      return null;
    case "running": {
      const { phase, doneBytes } = now.progress;
      return (
        <div>
          <progress value={doneBytes} max={Math.max(now.all, 1)} aria-label={t("weights.progress")} />
          <p class="soft">{t(`weights.phase.${phase}`, { done: bytes(doneBytes), all: bytes(now.all) })}</p>
        </div>
      );
    }
    case "stopped":
      return <Notice kind="info">{t("weights.stopped")}</Notice>;
    case "done":
      return <Notice kind="done">{t("weights.sent", { name: now.name, bytes: bytes(now.bytes) })}</Notice>;
    case "refused":
      return <Notice kind="error">{[errorText(now.error), ...now.error.details].join(" ")}</Notice>;
    default:
      return now satisfies never;
  }
}
