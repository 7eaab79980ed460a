import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { ProblemList, type ProblemSummary } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { kinds } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Icon } from "../parts/icons.tsx";
import { OfflineLanguages } from "../parts/offline-languages.tsx";
import { OfflineMark, useKeptPaths } from "../parts/offline-mark.tsx";
import { Page } from "../parts/page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { account, organises } from "../session.ts";

const states = ["any", "unsolved", "tried", "solved"] as const;
type State = (typeof states)[number];

interface Filter {
  q: string;
  state: State;
}

/** The filter that the address holds, so that it can be bookmarked and shared: `?q=sum&state=unsolved`. */
function readFilter(query: Readonly<Record<string, string>>): Filter {
  return { q: query.q ?? "", state: states.find((state) => state === query.state) ?? "any" };
}

function filterPath({ q, state }: Filter): string {
  const query = new URLSearchParams();
  if (q !== "") query.set("q", q);
  if (state !== "any") query.set("state", state);
  return query.size === 0 ? "/problems" : `/problems?${query}`;
}

function matches(problem: ProblemSummary, { q, state }: Filter): boolean {
  const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = [problem.slug, ...Object.values(problem.name)].join(" ").toLocaleLowerCase();
  const wanted =
    state === "any" || (state === "unsolved" ? problem.mine !== "solved" : problem.mine === state);
  return wanted && words.every((word) => text.includes(word));
}

/** Every published problem, with a filter that lives in the address. */
export default function Problems() {
  const { query, route } = useLocation();
  const filter = readFilter(query);
  useKeptPaths();
  const loading = useLoaded(`problems of ${account.value?.id ?? ""}`, (signal) =>
    request(ProblemList, "/api/problems", { signal }),
  );
  const change = (next: Partial<Filter>): void => route(filterPath({ ...filter, ...next }), true);
  return (
    <Await loading={loading}>
      {({ problems }) => {
        const shown = problems.filter((problem) => matches(problem, filter));
        return (
          <Page
            title={t("nav.problems")}
            actions={
              <>
                <OfflineLanguages />
                <a class="button" href="/offline">
                  {t("offline.title")}
                </a>
                {organises.value ? (
                  <a class="button" href="/organise/problems">
                    {t("organise.import")}
                  </a>
                ) : null}
              </>
            }
          >
            <FilterBar filter={filter} change={change} shown={shown.length} all={problems.length} />
            {shown.length > 0 ? <ProblemTable problems={shown} /> : <Empty none={problems.length === 0} />}
          </Page>
        );
      }}
    </Await>
  );
}

interface FilterBarProps {
  filter: Filter;
  change: (next: Partial<Filter>) => void;
  shown: number;
  all: number;
}

function FilterBar({ filter, change, shown, all }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (location.hash === "#search") search.current?.focus();
  }, []);
  return (
    <search class="filters">
      <label class="sr-only" for="problem-search">
        {t("problems.search")}
      </label>
      <input
        ref={search}
        id="problem-search"
        type="search"
        placeholder={t("problems.search")}
        value={filter.q}
        onInput={(event) => change({ q: event.currentTarget.value })}
      />
      {account.value ? (
        <select
          aria-label={t("problems.state")}
          value={filter.state}
          onChange={(event) =>
            change({ state: states.find((one) => one === event.currentTarget.value) ?? "any" })
          }
        >
          {states.map((state) => (
            <option key={state} value={state}>
              {t(`problems.state.${state}`)}
            </option>
          ))}
        </select>
      ) : null}
      <output class="soft">
        {shown === all ? t("problems.count", { count: all }) : t("problems.shown", { shown, all })}
      </output>
    </search>
  );
}

function Empty({ none }: { none: boolean }) {
  return (
    <p class="empty">
      {none ? t("problems.none") : t("problems.noMatch")}{" "}
      {none ? null : <a href="/problems">{t("problems.clear")}</a>}
    </p>
  );
}

function ProblemTable({ problems }: { problems: readonly ProblemSummary[] }) {
  return (
    <TableScroll label={t("nav.problems")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">{t("problems.title")}</th>
            <th scope="col">{t("problems.type")}</th>
            <th scope="col" class="number">
              {t("problems.solvedBy")}
            </th>
            {account.value ? <th scope="col">{t("problems.mine")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr key={problem.slug}>
              <th scope="row">
                <a href={`/problems/${problem.slug}`}>{pickText(problem.name)}</a>{" "}
                <OfflineMark path={`/api/problems/${problem.slug}`} />
              </th>
              <td class="soft">{kinds(problem.types)}</td>
              <td class="number">
                {problem.triedBy === 0
                  ? "–"
                  : t("problems.solvedOf", { solved: problem.solvedBy, tried: problem.triedBy })}
              </td>
              {account.value ? (
                <td>
                  <Mine mine={problem.mine} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Mine({ mine }: { mine: ProblemSummary["mine"] }) {
  if (mine === null) return null;
  return (
    <span class={`verdict ${mine === "solved" ? "verdict-AC" : "verdict-pending"}`}>
      <Icon name={mine === "solved" ? "check" : "dots"} />
      <span>{t(`problems.state.${mine}`)}</span>
    </span>
  );
}
