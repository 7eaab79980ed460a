import { useEffect, useState } from "preact/hooks";
import { TeamListPreview, TeamSheet, type TeamList } from "../../protocol/team-list.ts";
import type { GroupView } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { asApiError, errorText, request, type ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import { choicesOf, emptyDraft, type ListDraft } from "../team-list.ts";
import { Notice } from "./notice.tsx";
import { TeamError } from "./team-error.tsx";
import { TeamListSource } from "./team-list-source.tsx";
import { type SentPreview, TeamPreview } from "./team-preview.tsx";

interface Props {
  /** Of the contest, in the API. */
  path: string;
  groups: readonly GroupView[];
  show: (sheet: TeamSheet) => void;
}

/** Brings a whole list of teams: given, looked at, and then made all at once. */
export function TeamImport({ path, groups, show }: Props) {
  const [draft, setDraft] = useState<ListDraft>(emptyDraft);
  const act = useAct();
  const list: TeamList = { text: draft.text, choices: choicesOf(draft) };
  const preview = usePreview(`${path}/teams/preview`, list);
  const make = (): Promise<boolean> =>
    act.run(async () => {
      show(await request(TeamSheet, `${path}/teams/import`, { method: "POST", body: list }));
    });
  const ready = preview.state === "ready" ? preview.preview : null;
  return (
    <section aria-labelledby="teams-import" class="card panel">
      <h2 id="teams-import">{t("teams.import")}</h2>
      <p class="soft">{t("teams.importAbout")}</p>
      <TeamListSource draft={draft} change={setDraft} />
      {preview.state === "failed" ? <Notice kind="error">{errorText(preview.error)}</Notice> : null}
      {ready === null ? null : <TeamPreview preview={ready} groups={groups} />}
      <TeamError error={act.error} />
      {draft.text.trim() === "" ? null : (
        <p class="actions">
          <button
            type="button"
            class="primary"
            disabled={act.busy || ready === null || !ready.importable}
            onClick={() => void make()}
          >
            {t("teams.make", { count: ready?.rows.length ?? 0 })}
          </button>
          <output class="soft">
            {act.busy ? t("teams.making") : preview.state === "asking" ? t("teams.reading") : ""}
          </output>
        </p>
      )}
    </section>
  );
}

const ASK_AFTER_MS = 300;

type Preview =
  | { state: "nothing" }
  | { state: "asking" }
  | { state: "ready"; preview: SentPreview }
  | { state: "failed"; error: ApiError };

/** What importing the list would do, asked a moment after its last change. */
function usePreview(path: string, list: TeamList): Preview {
  const [preview, setPreview] = useState<Preview>({ state: "nothing" });
  useEffect(() => {
    if (list.text.trim() === "") return setPreview({ state: "nothing" });
    const stop = new AbortController();
    setPreview({ state: "asking" });
    const timer = setTimeout(() => {
      request(TeamListPreview, path, { method: "POST", body: list, signal: stop.signal }).then(
        (found) => setPreview({ state: "ready", preview: found }),
        (thrown: unknown) => {
          if (!stop.signal.aborted) setPreview({ state: "failed", error: asApiError(thrown) });
        },
      );
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [path, JSON.stringify(list)]);
  return preview;
}
