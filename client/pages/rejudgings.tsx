import { useLocation, useRoute } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import * as v from "valibot";
import type { ContestView } from "../../protocol/contest.ts";
import { LanguageId, languages } from "../../protocol/language.ts";
import {
  JurySubmissionList,
  RejudgingList,
  RejudgingPreview,
  type RejudgingFilter,
  type RejudgingForm,
  type RejudgingSummary,
} from "../../protocol/jury.ts";
import { Verdict as VerdictId } from "../../protocol/verdict.ts";
import { asApiError, errorText, request } from "../api.ts";
import { useAct } from "../act.ts";
import "../locales/jury.ts";
import { pickText, t } from "../i18n.ts";
import { readRejudgingFilter } from "../jury-filter.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Managed } from "../parts/managed.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import { RejudgingProgress } from "../parts/rejudging-progress.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

const NEWS_EVERY_MS = 10_000;

/** A contest's rejudgings, and the start of a new one. */
export default function Rejudgings() {
  const slug = useRoute().params.slug ?? "";
  return (
    <Managed slug={slug} title={t("jury.rejudgings")}>
      {(contest) => <Overview contest={contest} />}
    </Managed>
  );
}

function Overview({ contest }: { contest: ContestView }) {
  const { url } = useLocation();
  const path = `/api/contests/${contest.slug}/rejudgings`;
  const loading = useLoaded(
    path,
    (signal) => request(RejudgingList, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Page
      title={t("jury.rejudgingsOf", { contest: contest.name })}
      heading={t("jury.rejudgings")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
    >
      <JuryNav slug={contest.slug} />
      <NewRejudging key={url} contest={contest} />
      <Await loading={loading}>
        {({ rejudgings }) =>
          rejudgings.length === 0 ? (
            <p class="empty">{t("rejudging.none")}</p>
          ) : (
            <Table slug={contest.slug} rejudgings={rejudgings} />
          )
        }
      </Await>
    </Page>
  );
}

function Table({ slug, rejudgings }: { slug: string; rejudgings: readonly RejudgingSummary[] }) {
  return (
    <TableScroll label={t("jury.rejudgings")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("jury.reason")}</th>
            <th scope="col">{t("jury.by")}</th>
            <th scope="col">{t("organise.state")}</th>
          </tr>
        </thead>
        <tbody>
          {rejudgings.map((one) => (
            <tr key={one.id}>
              <td class="nowrap">
                <a href={`/contests/${slug}/rejudgings/${one.id}`}>
                  <When at={one.at} />
                </a>
              </td>
              <td class="said">{one.reason}</td>
              <td>{one.by}</td>
              <td>
                <RejudgingProgress rejudging={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const extents = ["deciding", "all"] as const;
const verdictChoices = [...VerdictId.options, "failed"] as const;

/** Chooses what is judged anew, says at once how much that is, and starts it. */
function NewRejudging({ contest }: { contest: ContestView }) {
  const { query, route } = useLocation();
  const [filter, setFilter] = useState<RejudgingFilter>(() => readRejudgingFilter(query));
  const [reason, setReason] = useState("");
  const [extent, setExtent] = useState<RejudgingForm["extent"]>("deciding");
  const act = useAct();
  const path = `/api/contests/${contest.slug}/rejudgings`;
  const preview = usePreview(path, filter, extent);
  const teams = useLoaded(`teams of ${contest.slug}`, (signal) =>
    request(JurySubmissionList, `/api/contests/${contest.slug}/submissions`, { signal }),
  );
  const start = async (): Promise<void> => {
    const body: RejudgingForm = { filter, reason, extent };
    await act.run(async () => {
      const { id } = await request(v.object({ id: v.string() }), path, { method: "POST", body });
      route(`/contests/${contest.slug}/rejudgings/${id}`);
    });
  };
  const count = preview === null || "error" in preview ? null : preview.count;
  const known = teams.loaded.state === "ready" ? teams.loaded.value.teams : [];
  return (
    <section aria-labelledby="new-rejudging" class="card">
      <h2 id="new-rejudging">{t("rejudging.new")}</h2>
      <p class="soft">{t("rejudging.how")}</p>
      <form
        class="form rejudging-form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        {filter.submissions === null ? (
          <FilterFields contest={contest} teams={known} filter={filter} change={setFilter} />
        ) : (
          <p>
            {t("rejudging.onlyMarked", { count: filter.submissions.length })}{" "}
            <button type="button" class="small" onClick={() => setFilter({ ...filter, submissions: null })}>
              {t("rejudging.chooseOtherwise")}
            </button>
          </p>
        )}
        <fieldset class="choices">
          <legend>{t("rejudging.extent")}</legend>
          {extents.map((id) => (
            <label key={id}>
              <input type="radio" name="extent" checked={extent === id} onChange={() => setExtent(id)} />
              {t(`extent.${id}`)}
            </label>
          ))}
        </fieldset>
        <ReasonField reason={reason} change={setReason} />
        {act.error === null ? null : (
          <Notice kind="error">{[errorText(act.error), ...act.error.details].join(" ")}</Notice>
        )}
        <p class="actions">
          <button class="primary" disabled={act.busy || count === 0 || reason.trim() === ""}>
            {t("rejudging.start")}
          </button>
          <output class={count === null ? "soft" : ""}>
            {preview !== null && "error" in preview
              ? preview.error
              : count === null
                ? t("rejudging.counting")
                : t("rejudging.count", { count })}
          </output>
        </p>
      </form>
    </section>
  );
}

const COUNT_AFTER_MS = 250;

type Preview = { count: number } | { error: string };

/** How many submissions a filter takes, counted a moment after its last change; null while that is not known. */
function usePreview(path: string, filter: RejudgingFilter, extent: RejudgingForm["extent"]): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setPreview(null);
    const timer = setTimeout(() => {
      // Counting needs no reason, but the form has to be whole.
      const body: RejudgingForm = { filter, extent, reason: "preview" };
      request(RejudgingPreview, `${path}?preview`, { method: "POST", body, signal: stop.signal }).then(
        setPreview,
        (thrown: unknown) => {
          if (!stop.signal.aborted) setPreview({ error: errorText(asApiError(thrown)) });
        },
      );
    }, COUNT_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [path, JSON.stringify(filter), extent]);
  return preview;
}

interface FieldsProps {
  contest: ContestView;
  teams: JurySubmissionList["teams"];
  filter: RejudgingFilter;
  change: (filter: RejudgingFilter) => void;
}

function FilterFields({ contest, teams, filter, change }: FieldsProps) {
  const verdicts = filter.verdicts ?? [];
  const toggle = (id: (typeof verdictChoices)[number], on: boolean): void => {
    const next = on ? [...verdicts, id] : verdicts.filter((one) => one !== id);
    change({ ...filter, verdicts: next.length === 0 ? null : next });
  };
  return (
    <>
      <div class="field-row">
        <Select
          label={t("submission.problem")}
          value={filter.problem}
          choose={(problem) => change({ ...filter, problem })}
          options={contest.problems.map(({ label, name }) => [
            label,
            name === null ? label : `${label} · ${pickText(name)}`,
          ])}
        />
        <Select
          label={t("contest.team")}
          value={filter.team}
          choose={(team) => change({ ...filter, team })}
          options={teams.map(({ id, name }) => [id, name])}
        />
        <Select
          label={t("submission.language")}
          value={filter.language}
          choose={(chosen) =>
            change({ ...filter, language: LanguageId.options.find((id) => id === chosen) ?? null })
          }
          options={LanguageId.options.map((id) => [id, languages[id].name])}
        />
      </div>
      <fieldset class="choices">
        <legend>{t("rejudging.verdicts")}</legend>
        {verdictChoices.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={verdicts.includes(id)}
              onChange={(event) => toggle(id, event.currentTarget.checked)}
            />
            {id === "failed" ? t("roundState.failed") : t(`verdict.${id}`)}
          </label>
        ))}
      </fieldset>
    </>
  );
}

interface SelectProps {
  label: string;
  value: string | null;
  options: readonly (readonly [string, string])[];
  choose: (value: string | null) => void;
}

function Select({ label, value, options, choose }: SelectProps) {
  return (
    <label class="field">
      {label}
      <select
        value={value ?? ""}
        onChange={(event) => choose(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      >
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
