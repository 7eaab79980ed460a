import { useLocation, useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import { LanguageId, languages } from "../../protocol/language.ts";
import { JurySubmissionList, type JurySubmissionView } from "../../protocol/jury.ts";
import { request } from "../api.ts";
import { memory, milliseconds } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { juryQuery, outcomes, readJuryFilter, withQuery, type JuryFilter } from "../jury-filter.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { JuryState } from "../parts/jury-state.tsx";
import { Managed } from "../parts/managed.tsx";
import { Page } from "../parts/page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

const NEWS_EVERY_MS = 15_000;

/** Every submission of a contest, for its jury; the filter lives in the address. */
export default function JurySubmissions() {
  const slug = useRoute().params.slug ?? "";
  return (
    <Managed slug={slug} title={t("jury.submissions")}>
      {(contest) => <Submissions contest={contest} />}
    </Managed>
  );
}

function Submissions({ contest }: { contest: ContestView }) {
  const { query, route } = useLocation();
  const filter = readJuryFilter(query);
  const path = `/contests/${contest.slug}/submissions`;
  const asked = withQuery(`/api${path}`, juryQuery(filter));
  const loading = useLoaded(
    asked,
    (signal) => request(JurySubmissionList, asked, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const show = (next: Partial<JuryFilter>): void =>
    route(withQuery(path, juryQuery({ ...filter, before: "", ...next })), true);
  return (
    <Page
      title={t("jury.submissionsOf", { contest: contest.name })}
      heading={t("jury.submissions")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
      actions={
        <>
          <button type="button" onClick={loading.reload}>
            {t("action.refresh")}
          </button>
          <RejudgeLink slug={contest.slug} filter={filter} marked={marked} />
        </>
      }
    >
      <JuryNav slug={contest.slug} />
      <Await loading={loading}>
        {({ submissions, next, teams }) => (
          <>
            <Filters contest={contest} teams={teams} filter={filter} show={show} />
            {submissions.length === 0 ? (
              <p class="empty">{t("jury.noSubmissions")}</p>
            ) : (
              <Table
                submissions={submissions}
                marked={marked}
                mark={(id, on) => {
                  const after = new Set(marked);
                  if (on) after.add(id);
                  else after.delete(id);
                  setMarked(after);
                }}
              />
            )}
            <p class="actions">
              {filter.before === "" ? null : (
                <a href={withQuery(path, juryQuery({ ...filter, before: "" }))}>{t("jury.newest")}</a>
              )}
              {next === null ? null : (
                <a class="button" href={withQuery(path, juryQuery({ ...filter, before: next }))}>
                  {t("jury.older")}
                </a>
              )}
            </p>
          </>
        )}
      </Await>
    </Page>
  );
}

/** To a new rejudging of what is marked, or else of what the filter shows. */
function RejudgeLink({
  slug,
  filter,
  marked,
}: {
  slug: string;
  filter: JuryFilter;
  marked: ReadonlySet<string>;
}) {
  const query =
    marked.size > 0
      ? new URLSearchParams({ submissions: [...marked].join(",") }).toString()
      : juryQuery({ ...filter, before: "" });
  return (
    <a class="button" href={withQuery(`/contests/${slug}/rejudgings`, query)}>
      {marked.size > 0 ? t("jury.rejudgeMarked", { count: marked.size }) : t("jury.rejudgeThese")}
    </a>
  );
}

interface FiltersProps {
  contest: ContestView;
  teams: JurySubmissionList["teams"];
  filter: JuryFilter;
  show: (next: Partial<JuryFilter>) => void;
}

function Filters({ contest, teams, filter, show }: FiltersProps) {
  return (
    <search class="filters">
      <Choice
        label={t("submission.problem")}
        value={filter.problem}
        choose={(problem) => show({ problem })}
        options={contest.problems.map(({ label, name }) => [
          label,
          name === null ? label : `${label} · ${pickText(name)}`,
        ])}
      />
      <Choice
        label={t("contest.team")}
        value={filter.team}
        choose={(team) => show({ team })}
        options={teams.map(({ id, name }) => [id, name])}
      />
      <Choice
        label={t("submission.language")}
        value={filter.language}
        choose={(language) => show({ language })}
        options={LanguageId.options.map((id) => [id, languages[id].name])}
      />
      <Choice
        label={t("submission.verdict")}
        value={filter.outcome}
        choose={(outcome) => show({ outcome })}
        options={outcomes.map(({ id, kind }) => [
          id,
          kind === "verdict" ? t(`verdict.${id}`) : t(`roundState.${id}`),
        ])}
      />
    </search>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  choose: (value: string) => void;
}

function Choice({ label, value, options, choose }: ChoiceProps) {
  return (
    <label class="choice">
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("filter.all")}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TableProps {
  submissions: readonly JurySubmissionView[];
  marked: ReadonlySet<string>;
  mark: (id: string, on: boolean) => void;
}

function Table({ submissions, marked, mark }: TableProps) {
  return (
    <TableScroll label={t("jury.submissions")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">
              <span class="sr-only">{t("jury.mark")}</span>
            </th>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("submission.problem")}</th>
            <th scope="col">{t("submission.verdict")}</th>
            <th scope="col">{t("contest.team")}</th>
            <th scope="col">{t("submission.language")}</th>
            <th scope="col" class="number">
              {t("submission.time")}
            </th>
            <th scope="col" class="number">
              {t("submission.memory")}
            </th>
          </tr>
        </thead>
        <tbody>
          {submissions.map((one) => (
            <Row key={one.id} one={one} marked={marked.has(one.id)} mark={(on) => mark(one.id, on)} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface RowProps {
  one: JurySubmissionView;
  marked: boolean;
  mark: (on: boolean) => void;
}

function Row({ one, marked, mark }: RowProps) {
  const who = one.team?.name ?? one.author;
  return (
    <tr class={one.roundState === "failed" ? "failed-row" : undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={t("jury.markOf", { team: who, problem: one.label ?? one.problem, id: one.id })}
          checked={marked}
          onChange={(event) => mark(event.currentTarget.checked)}
        />
      </td>
      <td class="nowrap">
        <a href={`/submissions/${one.id}/jury`}>
          <When at={one.submittedAt} contestTimeMs={one.contestTimeMs} />
        </a>
      </td>
      <td title={pickText(one.problemName)}>{one.label ?? pickText(one.problemName)}</td>
      <td>
        <JuryState submission={one} />
      </td>
      <td>{who}</td>
      <td class="nowrap">{languages[one.language].name}</td>
      <td class="number">{one.judgement ? milliseconds(one.judgement.cpuMs) : ""}</td>
      <td class="number">{one.judgement ? memory(one.judgement.memoryKiB) : ""}</td>
    </tr>
  );
}
