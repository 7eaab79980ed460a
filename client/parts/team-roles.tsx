import { useId, useState } from "preact/hooks";
import { ContestRole, type GiveRole, type RoleView } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import { TeamError } from "./team-error.tsx";

interface Props {
  /** Of the contest, in the API. */
  path: string;
  roles: readonly RoleView[];
  reload: () => void;
}

/** Who judges besides the owner, and who looks on by name. */
export function TeamRoles({ path, roles, reload }: Props) {
  const id = useId();
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<ContestRole>("jury");
  const act = useAct();
  const change = (name: string, method: "PUT" | "DELETE", body?: GiveRole): Promise<boolean> =>
    act.run(async () => {
      await request(Nothing, `${path}/roles/${encodeURIComponent(name)}`, { method, body });
      reload();
    });
  const give = async (): Promise<void> => {
    if (await change(username.trim(), "PUT", { role })) setUsername("");
  };
  return (
    <section aria-labelledby="teams-roles" class="card panel">
      <h2 id="teams-roles">{t("teams.roles")}</h2>
      <p class="soft">{t("teams.rolesAbout")}</p>
      {roles.length === 0 ? null : (
        <TableScroll label={t("teams.roles")}>
          <table data-rows>
            <thead>
              <tr>
                <th scope="col">{t("teams.username")}</th>
                <th scope="col">{t("teams.role")}</th>
                <th scope="col">
                  <span class="sr-only">{t("organise.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {roles.map((holder) => (
                <tr key={holder.username}>
                  <th scope="row">
                    {holder.displayName} <code>{holder.username}</code>
                  </th>
                  <td>{t(`teams.role.${holder.role}`)}</td>
                  <td class="number">
                    <button
                      type="button"
                      class="small"
                      disabled={act.busy}
                      aria-label={t("teams.takeRoleOf", { name: holder.username })}
                      onClick={() => void change(holder.username, "DELETE")}
                    >
                      {t("teams.takeRole")}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <TeamError error={act.error} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void give();
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
        <select
          aria-label={t("teams.role")}
          onChange={(event) =>
            setRole(ContestRole.options.find((one) => one === event.currentTarget.value) ?? role)
          }
        >
          {ContestRole.options.map((one) => (
            <option key={one} value={one} selected={one === role}>
              {t(`teams.role.${one}`)}
            </option>
          ))}
        </select>
        <button disabled={act.busy}>{t("teams.giveRole")}</button>
      </form>
    </section>
  );
}
