import { useRoute } from "preact-iso";
import type { ContestView } from "../../protocol/contest.ts";
import { AuditList } from "../../protocol/jury.ts";
import { request } from "../api.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Managed } from "../parts/managed.tsx";
import { Page } from "../parts/page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";

/** Who did what to a contest, newest first. */
export default function Audit() {
  const slug = useRoute().params.slug ?? "";
  return (
    <Managed slug={slug} title={t("jury.audit")}>
      {(contest) => <Log contest={contest} />}
    </Managed>
  );
}

function Log({ contest }: { contest: ContestView }) {
  const path = `/api/contests/${contest.slug}/audit`;
  const loading = useLoaded(path, (signal) => request(AuditList, path, { signal }));
  return (
    <Page
      title={t("jury.auditOf", { contest: contest.name })}
      heading={t("jury.audit")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
      actions={
        <button type="button" onClick={loading.reload}>
          {t("action.refresh")}
        </button>
      }
    >
      <JuryNav slug={contest.slug} />
      <Await loading={loading}>
        {({ entries }) =>
          entries.length === 0 ? <p class="empty">{t("audit.none")}</p> : <Table entries={entries} />
        }
      </Await>
    </Page>
  );
}

function Table({ entries }: { entries: AuditList["entries"] }) {
  return (
    <TableScroll label={t("jury.audit")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("audit.who")}</th>
            <th scope="col">{t("audit.what")}</th>
            <th scope="col">{t("audit.subject")}</th>
            <th scope="col">{t("audit.details")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- entries have no id, and the list is drawn whole
            <tr key={index}>
              <td class="nowrap">
                <time dateTime={new Date(entry.at).toISOString()}>{dateTime(entry.at)}</time>
              </td>
              <td>{entry.actor ?? t("audit.system")}</td>
              <td class="nowrap">
                <code>{entry.action}</code>
              </td>
              <td>{entry.subject}</td>
              <td class="said">
                {Object.entries(entry.data)
                  .map(([key, value]) => `${key}: ${value ?? "–"}`)
                  .join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
