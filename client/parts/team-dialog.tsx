import { useEffect, useId, useRef, useState } from "preact/hooks";
import { TeamSheet } from "../../protocol/team-list.ts";
import type { GroupView, TeamChange, TeamView } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";
import { FormError, useForm } from "./field.tsx";
import { detailFields, detailsOf, TeamFields } from "./team-fields.tsx";
import { TeamLink } from "./team-link.tsx";
import { TeamMembers } from "./team-members.tsx";

interface Props {
  /** Of the team, in the API. */
  path: string;
  team: TeamView;
  groups: readonly GroupView[];
  reload: () => void;
  show: (sheet: TeamSheet) => void;
  close: () => void;
}

/** Everything that a manager does with one team. */
export function TeamDialog({ path, team, groups, reload, show, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const form = useForm(async (data) => {
    await request(Nothing, path, { method: "PUT", body: detailsOf(data) satisfies TeamChange });
    reload();
    dialog.current?.close();
  });
  return (
    <dialog ref={dialog} class="panel" onClose={close} aria-labelledby={id}>
      <h2 id={id}>{team.name}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={detailFields} />
        <TeamFields errors={form.errors} groups={groups} team={team} />
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("action.save")}
          </button>
        </p>
      </form>
      <TeamMembers path={path} team={team} reload={reload} />
      <h3>{t("teams.memberLink")}</h3>
      <p class="soft">{t("teams.memberLinkAbout")}</p>
      <TeamLink path={path} link={team.link} reload={reload} />
      <p class="actions">
        {team.login === null ? null : (
          <NewPassword path={path} login={team.login} reload={reload} show={show} />
        )}
        {team.submissions > 0 ? null : <Remove path={path} team={team} reload={reload} close={close} />}
        <button type="button" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </p>
    </dialog>
  );
}

interface PasswordProps {
  path: string;
  login: string;
  reload: () => void;
  show: (sheet: TeamSheet) => void;
}

function NewPassword({ path, login, reload, show }: PasswordProps) {
  const [asked, setAsked] = useState(false);
  const act = useAct();
  const renew = (): Promise<boolean> =>
    act.run(async () => {
      show(await request(TeamSheet, `${path}/password`, { method: "POST" }));
      reload();
    });
  return (
    <>
      <button type="button" onClick={() => setAsked(true)}>
        {t("teams.newPassword")}
      </button>
      {asked ? (
        <Confirm
          title={t("teams.newPassword")}
          label={t("teams.newPassword")}
          busy={act.busy}
          error={act.error}
          act={() => void renew()}
          close={() => setAsked(false)}
        >
          <p>{t("teams.newPasswordAbout", { login })}</p>
        </Confirm>
      ) : null}
    </>
  );
}

interface RemoveProps {
  path: string;
  team: TeamView;
  reload: () => void;
  close: () => void;
}

function Remove({ path, team, reload, close }: RemoveProps) {
  const [asked, setAsked] = useState(false);
  const act = useAct();
  const remove = async (): Promise<void> => {
    const removed = await act.run(() => request(Nothing, path, { method: "DELETE" }).then(() => undefined));
    if (!removed) return;
    close();
    reload();
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        {t("teams.remove")}
      </button>
      {asked ? (
        <Confirm
          title={t("teams.removeSure", { name: team.name })}
          label={t("teams.remove")}
          danger
          busy={act.busy}
          error={act.error}
          act={() => void remove()}
          close={() => setAsked(false)}
        >
          <p>{t(team.login === null ? "teams.removeAbout" : "teams.removeAboutLogin")}</p>
        </Confirm>
      ) : null}
    </>
  );
}
