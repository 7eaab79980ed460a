import type { ContestView } from "../../protocol/contest.ts";
import { languages } from "../../protocol/language.ts";
import type { ProblemView, Sample } from "../../protocol/problem.ts";
import { lastEndAt } from "../../rules/contest-times.ts";
import { longSpan, rulesInWords } from "../contest-words.ts";
import { dateTime, seconds, timeZone } from "../format.ts";
import { pickLocale, t } from "../i18n.ts";
import { StatementText } from "./statement.tsx";
import "../locales/print.ts";
import "../locales/statistics.ts";

/** A problem set as it is printed. */

interface CoverProps {
  contest: ContestView;
  problems: readonly ProblemView[];
  /** The language of the statements, where they have it. */
  wanted: string;
}

const nameOf = ({ name }: ProblemView, wanted: string): string => pickLocale(name, wanted)?.[1] ?? "";

const limitOf = ({ limits: { timeMs, memoryMiB } }: ProblemView): string =>
  `${timeMs === null ? t("limits.timeUnknown") : seconds(timeMs)} · ${memoryMiB} MiB`;

/** The first sheet: which contest, when, by which rules, and what is in it. */
export function Cover({ contest, problems, wanted }: CoverProps) {
  const { name, timed, format, languages: allowed } = contest;
  const { startAt, durationMs, windowMs } = timed.times;
  const end = lastEndAt(timed.times);
  const facts: [string, string][] = [
    [t("contests.start"), startAt === null ? "–" : `${dateTime(startAt)} (${timeZone()})`],
    [t("print.end"), end === null ? "–" : dateTime(end)],
    [t("contests.length"), longSpan(windowMs ?? durationMs)],
    [
      t("statistics.languages"),
      allowed === null ? t("print.allLanguages") : allowed.map((id) => languages[id].name).join(", "),
    ],
  ];
  return (
    <section class="sheet" aria-label={t("print.cover")}>
      <h2 class="sheet-title">{name}</h2>
      <dl class="facts">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{t("contest.rules")}</h3>
      {rulesInWords(format, timed.times).map((rule) => (
        <p key={rule}>{rule}</p>
      ))}
      <table>
        <thead>
          <tr>
            <th scope="col">{t("statistics.problem")}</th>
            <th scope="col">{t("print.name")}</th>
            <th scope="col">{t("print.limits")}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem) => (
            <tr key={problem.contest?.label}>
              <td>{problem.contest?.label}</td>
              <th scope="row">{nameOf(problem, wanted)}</th>
              <td>{limitOf(problem)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One problem, from a new page on. */
export function ProblemSheet({ problem, wanted }: { problem: ProblemView; wanted: string }) {
  const { statements, samples, credits, license, contest } = problem;
  const byLocale = Object.fromEntries(statements.map((statement) => [statement.locale, statement]));
  const shown = pickLocale(byLocale, wanted)?.[1] ?? null;
  const title = `${contest?.label ?? ""}. ${nameOf(problem, wanted)}`;
  return (
    <section class="sheet" aria-label={title}>
      <h2 class="sheet-title">{title}</h2>
      <p class="soft">{limitOf(problem)}</p>
      {shown === null ? <p>{t("problem.noStatement")}</p> : <StatementText statement={shown} />}
      {samples.map((sample, index) => (
        <PrintedSample key={sample.name} sample={sample} number={index + 1} />
      ))}
      {credits.length > 0 ? <p class="soft">{t("problem.credits", { names: credits.join(", ") })}</p> : null}
      {license === "" ? null : <p class="soft">{t("problem.license", { license })}</p>}
    </section>
  );
}

function PrintedSample({ sample, number }: { sample: Sample; number: number }) {
  const { input, answer, interaction } = sample;
  return (
    <div class="sheet-sample">
      <h3>{t("sample.title", { number })}</h3>
      {interaction === undefined ? (
        <div class="sample-pair">
          <div>
            <h4>{t("sample.input")}</h4>
            <pre>{input}</pre>
          </div>
          <div>
            <h4>{t("sample.output")}</h4>
            <pre>{answer}</pre>
          </div>
        </div>
      ) : (
        <pre>{interaction}</pre>
      )}
    </div>
  );
}
