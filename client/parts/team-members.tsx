import { useId, useState } from "preact/hooks";
import type { AddMember, TeamView } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { t } from "../i18n.ts";
import { TeamError } from "./team-error.tsx";

interface Props {
  /** Of the team, in the API. */
  path: string;
  team: TeamView;
  reload: () => void;
}

/** The accounts that take part for a team; its own login stays. */
export function TeamMembers({ path, team, reload }: Props) {
  const id = useId();
  const [username, setUsername] = useState("");
  const act = useAct();
  const change = (method: "POST" | "DELETE", place: string, body?: AddMember): Promise<boolean> =>
    act.run(async () => {
      await request(Nothing, `${path}/members${place}`, { method, body });
      reload();
    });
  const add = async (): Promise<void> => {
    if (await change("POST", "", { username: username.trim() })) setUsername("");
  };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{t("teams.accounts")}</h3>
      <ul>
        {team.members.map((member) => (
          <li key={member.username} class="panel-head">
            <span>
              {member.displayName} <code>{member.username}</code>
            </span>
            {member.username === team.login ? (
              <span class="soft">{t("teams.login")}</span>
            ) : (
              <button
                type="button"
                class="small"
                disabled={act.busy}
                aria-label={t("teams.removeMemberNamed", { name: member.username })}
                onClick={() => void change("DELETE", `/${encodeURIComponent(member.username)}`)}
              >
                {t("teams.removeMember")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <TeamError error={act.error} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label for={id}>{t("teams.username")}</label>
        <input
          id={id}
          required
          value={username}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => setUsername(event.currentTarget.value)}
        />
        <button disabled={act.busy}>{t("teams.addMember")}</button>
      </form>
    </section>
  );
}
