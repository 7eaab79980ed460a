import type { TimesPreview, TimesSummary } from "../../protocol/contest-times.ts";
import { clock } from "../format.ts";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";
import { TableScroll } from "./table-scroll.tsx";
import { momentText } from "./times-now.tsx";

/** So many submissions are named; the others are counted. */
const NAMED = 20;

/** What an edit of a contest's times would do: what is so now, what would be, and what that means. */
export function TimesConsequence({ preview }: { preview: TimesPreview }) {
  const { before, after, freezesNow, reopens, submissions } = preview;
  const rows: [string, (summary: TimesSummary) => string][] = [
    [t("contests.phase"), stateText],
    [t("times.contestTime"), ({ contestTimeMs }) => clock(contestTimeMs)],
    [t("times.freeze"), ({ freezeAt }) => momentText(freezeAt)],
    [t("times.end"), ({ endAt }) => momentText(endAt)],
  ];
  return (
    <>
      {freezesNow ? <Notice kind="warning">{t("times.freezesNow")}</Notice> : null}
      {reopens ? <Notice kind="warning">{t("times.reopens")}</Notice> : null}
      {after.status.paused && !before.status.paused ? (
        <Notice kind="warning">{t("times.pauses")}</Notice>
      ) : null}
      <TableScroll label={t("times.consequence")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("times.what")}</th>
              <th scope="col">{t("times.before")}</th>
              <th scope="col">{t("times.after")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, say]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{say(before)}</td>
                <td>{say(after) === say(before) ? t("times.same") : <strong>{say(after)}</strong>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <Submissions changed={submissions} />
    </>
  );
}

function stateText({ status: { state, paused } }: TimesSummary): string {
  return t(`contestState.${paused ? "paused" : state}`);
}

type Changed = TimesPreview["submissions"];

/** How many submissions an edit would touch, by what becomes of them. */
function countsOf(changed: Changed) {
  const inBoth = changed.filter(({ before, after }) => before.at !== null && after.at !== null);
  return {
    out: changed.filter(({ before, after }) => before.at !== null && after.at === null).length,
    in: changed.filter(({ before, after }) => before.at === null && after.at !== null).length,
    moved: inBoth.filter(({ before, after }) => before.at !== after.at).length,
    hidden: inBoth.filter(({ before, after }) => !before.frozen && after.frozen).length,
    uncovered: inBoth.filter(({ before, after }) => before.frozen && !after.frozen).length,
  };
}

const kinds = ["out", "in", "moved", "hidden", "uncovered"] as const;

function Submissions({ changed }: { changed: Changed }) {
  if (changed.length === 0) return <p>{t("times.noSubmissions")}</p>;
  const counts = countsOf(changed);
  return (
    <>
      <ul>
        {kinds.map((kind) =>
          counts[kind] === 0 ? null : <li key={kind}>{t(`timesChange.${kind}`, { count: counts[kind] })}</li>,
        )}
      </ul>
      <details>
        <summary>{t("times.which")}</summary>
        <ul>
          {changed.slice(0, NAMED).map(({ submission, before, after }) => (
            <li key={submission}>
              <a href={`/submissions/${submission}/jury`} target="_blank" rel="noreferrer">
                {submission}
              </a>
              : {timeText(before.at)} → {timeText(after.at)}
            </li>
          ))}
        </ul>
        {changed.length > NAMED ? <p>{t("times.more", { count: changed.length - NAMED })}</p> : null}
      </details>
    </>
  );
}

const timeText = (at: number | null): string => (at === null ? t("times.outside") : clock(at));
