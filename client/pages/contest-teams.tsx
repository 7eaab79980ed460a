import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import type { TeamSheet } from "../../protocol/team-list.ts";
import { TeamsView } from "../../protocol/team.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TeamGroups } from "../parts/team-groups.tsx";
import { TeamImport } from "../parts/team-import.tsx";
import { TeamLink } from "../parts/team-link.tsx";
import { NewTeam } from "../parts/team-new.tsx";
import { TeamRoles } from "../parts/team-roles.tsx";
import { TeamSheetPage } from "../parts/team-sheet.tsx";
import { TeamTable } from "../parts/team-table.tsx";
import "../locales/teams.ts";

/** The teams of a contest: read by its jury, brought and changed by who manages it. */
export default function ContestTeams() {
  const { params } = useRoute();
  return <SignedIn title={t("teams.title")}>{() => <Teams slug={params.slug ?? ""} />}</SignedIn>;
}

function Teams({ slug }: { slug: string }) {
  const path = `/api/contests/${slug}/teams`;
  const loading = useLoaded(path, (signal) => request(TeamsView, path, { signal }));
  const [sheet, setSheet] = useState<TeamSheet | null>(null);
  const shown = (made: TeamSheet): void => {
    setSheet(made);
    loading.reload();
  };
  return (
    <Await loading={loading}>
      {(view) =>
        sheet === null ? (
          <Overview view={view} reload={loading.reload} show={shown} />
        ) : (
          <TeamSheetPage contest={view.contest} sheet={sheet} close={() => setSheet(null)} />
        )
      }
    </Await>
  );
}

interface Props {
  view: TeamsView;
  reload: () => void;
  /** Shows credentials, which nobody can see again. */
  show: (sheet: TeamSheet) => void;
}

function Overview({ view, reload, show }: Props) {
  const { contest, manages, groups, link } = view;
  const path = `/api/contests/${contest.slug}`;
  return (
    <Page
      title={t("teams.titleOf", { contest: contest.name })}
      heading={t("teams.title")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
    >
      <JuryNav slug={contest.slug} />
      <TeamTable view={view} reload={reload} show={show} />
      {manages ? (
        <>
          <TeamImport path={path} groups={groups} show={show} />
          <NewTeam path={path} groups={groups} show={show} />
          <section aria-labelledby="teams-link" class="card panel">
            <h2 id="teams-link">{t("teams.link")}</h2>
            <p class="soft">{t("teams.linkAbout")}</p>
            <TeamLink path={path} link={link} reload={reload} />
          </section>
          <TeamGroups path={path} groups={groups} reload={reload} />
          <TeamRoles path={path} roles={view.roles} reload={reload} />
        </>
      ) : null}
    </Page>
  );
}
