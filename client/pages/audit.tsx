import { useRoute } from "preact-iso";
import * as v from "valibot";
import type { ContestView } from "../../protocol/contest.ts";
import { AuditList } from "../../protocol/jury.ts";
import { request } from "../api.ts";
import { dateTime } from "../format.ts";
import "../locales/jury.ts";
import { t } from "../i18n.ts";
import { parseJson } from "../json.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Managed } from "../parts/managed.tsx";
import { Page } from "../parts/page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";

type Entry = AuditList["entries"][number];

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
          entries.length === 0 ? (
            <p class="empty">{t("audit.none")}</p>
          ) : (
            <Table slug={contest.slug} entries={entries} />
          )
        }
      </Await>
    </Page>
  );
}

/** What can be done in a contest, in words; acts that this page does not know are told as they were noted. */
const acts = {
  "contest.create": "audit.contestCreate",
  "contest.change": "audit.contestChange",
  "submission.override": "audit.override",
  "rejudging.create": "audit.rejudgingCreate",
  "rejudging.apply": "audit.rejudgingApply",
  "rejudging.cancel": "audit.rejudgingCancel",
  "contest.times": "audit.contestTimes",
  "contest.thaw": "audit.contestThaw",
  "contest.finalise": "audit.contestFinalise",
  "contest.begin": "audit.contestBegin",
  "contest.awards": "audit.contestAwards",
  "contest.rate": "audit.contestRate",
  "contest.role": "audit.contestRole",
  "contest.groups": "audit.contestGroups",
  "join.create": "audit.joinCreate",
  "join.revoke": "audit.joinRevoke",
  "join.use": "audit.joinUse",
  "team.import": "audit.teamImport",
  "team.change": "audit.teamChange",
  "team.member": "audit.teamMember",
  "team.leave": "audit.teamLeave",
  "team.password": "audit.teamPassword",
  "team.remove": "audit.teamRemove",
  "clarification.announce": "audit.clarificationAnnounce",
  "clarification.answer": "audit.clarificationAnswer",
  "clarification.claim": "audit.clarificationClaim",
  "clarification.release": "audit.clarificationRelease",
  "clarification.close": "audit.clarificationClose",
  "clarification.reopen": "audit.clarificationReopen",
  "resolver.begin": "audit.resolverBegin",
} as const;
const isKnown = (action: string): action is keyof typeof acts => Object.hasOwn(acts, action);

function Act({ action }: { action: string }) {
  return isKnown(action) ? <>{t(acts[action])}</> : <code>{action}</code>;
}

/** Where that which was acted upon is seen, if it has a page. */
function Subject({ slug, entry: { action, subject } }: { slug: string; entry: Entry }) {
  const brief = subject.slice(0, BRIEF);
  if (action.startsWith("rejudging.")) return <a href={`/contests/${slug}/rejudgings/${subject}`}>{brief}</a>;
  if (action.startsWith("submission.")) return <a href={`/submissions/${subject}/jury`}>{brief}</a>;
  return <>{subject}</>;
}

/** As much of an id as tells it from others on a page. */
const BRIEF = 8;

/** What was noted of an act; what was left open (null) says nothing. */
function detailsOf({ data }: Entry): string[] {
  return Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? withoutNulls(value) : value}`);
}

/** A rejudging's filter is noted as JSON, with null for every field that narrows nothing. */
function withoutNulls(text: string): string {
  const parsed = v.safeParse(v.record(v.string(), v.unknown()), parseJson(text));
  if (!parsed.success) return text;
  const told = Object.entries(parsed.output).filter(([, value]) => value !== null);
  return told.map(([key, value]) => `${key} = ${String(value)}`).join(", ") || t("filter.all");
}

function Table({ slug, entries }: { slug: string; entries: AuditList["entries"] }) {
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
              <td>
                <Act action={entry.action} />
              </td>
              <td>
                <Subject slug={slug} entry={entry} />
              </td>
              <td class="said">{detailsOf(entry).join(" · ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
