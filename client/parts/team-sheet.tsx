import { useEffect } from "preact/hooks";
import type { TeamCredentials, TeamSheet } from "../../protocol/team-list.ts";
import { saveFile } from "../saved-file.ts";
import { t } from "../i18n.ts";
import { sheetCsv } from "../team-sheet.ts";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

interface Props {
  contest: { slug: string; name: string };
  sheet: TeamSheet;
  close: () => void;
}

/** Credentials of teams, a slip for each, to be printed, cut and handed out. Nobody can see them again. */
export function TeamSheetPage({ contest, sheet, close }: Props) {
  const { teams } = sheet;
  // What was pressed to come here may stand far below the warning.
  useEffect(() => window.scrollTo(0, 0), []);
  const save = (): void =>
    saveFile(`${contest.slug}-teams.csv`, "text/csv", `\uFEFF${sheetCsv(teams, location.origin)}`);
  return (
    <div class="print-page">
      <Page
        title={t("teams.sheetOf", { contest: contest.name })}
        heading={t("teams.sheet", { count: teams.length })}
        actions={
          <>
            <button type="button" class="primary" onClick={() => window.print()}>
              {t("teams.print")}
            </button>
            <button type="button" onClick={save}>
              {t("teams.download")}
            </button>
            <button type="button" onClick={close}>
              {t("teams.sheetDone")}
            </button>
          </>
        }
      >
        <Notice kind="warning">{t("teams.sheetOnce")}</Notice>
        <ul class="slips">
          {teams.map((team) => (
            <Slip key={team.username} team={team} contest={contest} />
          ))}
        </ul>
      </Page>
    </div>
  );
}

function Slip({ team, contest }: { team: TeamCredentials; contest: Props["contest"] }) {
  const site = location.origin;
  return (
    <li class="slip">
      <p class="soft">{contest.name}</p>
      <h2>{team.name}</h2>
      <dl class="facts">
        <div>
          <dt>{t("teams.username")}</dt>
          <dd>
            <code>{team.username}</code>
          </dd>
        </div>
        <div>
          <dt>{t("signIn.password")}</dt>
          <dd>
            <code>{team.password}</code>
          </dd>
        </div>
        {team.seat === null ? null : (
          <div>
            <dt>{t("teams.seat")}</dt>
            <dd>{team.seat}</dd>
          </div>
        )}
        <div>
          <dt>{t("teams.signInAt")}</dt>
          <dd>{`${site}/sign-in`}</dd>
        </div>
        <div>
          <dt>{t("teams.contestAt")}</dt>
          <dd>{`${site}/contests/${contest.slug}`}</dd>
        </div>
      </dl>
    </li>
  );
}
