import { useEffect, useState } from "preact/hooks";
import type { GroupsForm, GroupView } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";
import { TeamError } from "./team-error.tsx";

interface Props {
  /** Of the contest, in the API. */
  path: string;
  groups: readonly GroupView[];
  reload: () => void;
}

interface Edited {
  /** Null for a new one. */
  id: string | null;
  name: string;
  teams: number;
}

/** The contest's groups: their names and their order. One that has teams stays. */
export function TeamGroups({ path, groups, reload }: Props) {
  const [edited, setEdited] = useState<readonly Edited[]>(groups);
  const [saved, setSaved] = useState(false);
  const act = useAct();
  useEffect(() => setEdited(groups), [JSON.stringify(groups)]);
  const edit = (next: readonly Edited[]): void => {
    setSaved(false);
    setEdited(next);
  };
  const save = async (): Promise<void> => {
    const body: GroupsForm = { groups: edited.map(({ id, name }) => ({ id, name })) };
    const done = await act.run(async () => {
      await request(Nothing, `${path}/groups`, { method: "PUT", body });
      reload();
    });
    setSaved(done);
  };
  return (
    <section aria-labelledby="teams-groups" class="card panel">
      <h2 id="teams-groups">{t("teams.groups")}</h2>
      <p class="soft">{t("teams.groupsAbout")}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <ol class="picker">
          {edited.map((group, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- new ones have no id yet, and names are typed
            <li key={at}>
              <input
                class="picker-name"
                aria-label={t("teams.groupName", { position: at + 1 })}
                required
                maxLength={80}
                value={group.name}
                onInput={(event) => edit(edited.with(at, { ...group, name: event.currentTarget.value }))}
              />
              <button
                type="button"
                class="small"
                disabled={at === 0}
                aria-label={t("teams.groupUp", { name: group.name })}
                onClick={() => edit(movedUp(edited, at))}
              >
                ↑
              </button>
              <button
                type="button"
                class="small"
                disabled={group.teams > 0}
                aria-label={t("teams.groupRemove", { name: group.name })}
                onClick={() => edit(edited.toSpliced(at, 1))}
              >
                {t("teams.removeMember")}
              </button>
            </li>
          ))}
        </ol>
        <TeamError error={act.error} />
        {saved ? <Notice kind="done">{t("teams.groupsSaved")}</Notice> : null}
        <p class="actions">
          <button type="button" onClick={() => edit([...edited, { id: null, name: "", teams: 0 }])}>
            {t("teams.addGroup")}
          </button>
          <button class="primary" disabled={act.busy}>
            {t("teams.saveGroups")}
          </button>
        </p>
      </form>
    </section>
  );
}

function movedUp(groups: readonly Edited[], at: number): readonly Edited[] {
  const moved = groups.slice(at, at + 1);
  return groups.toSpliced(at, 1).toSpliced(at - 1, 0, ...moved);
}
