import { useState } from "preact/hooks";
import type { ProblemView, Sample, Statement as StatementView } from "../../protocol/problem.ts";
import { languages } from "../../protocol/language.ts";
import { kinds, seconds } from "../format.ts";
import { locale, pickLocale, t } from "../i18n.ts";
import { Copy } from "./copy.tsx";
import { Icon } from "./icons.tsx";
import { Dialogue } from "./transcript.tsx";

interface Props {
  problem: ProblemView;
  /** Runs one sample; null where samples cannot be run. */
  runSample: ((index: number) => void) | null;
}

/** What a contestant reads: limits, the statement in their language, samples, and who wrote it. */
export function Statement({ problem, runSample }: Props) {
  const { statements, samples, credits, license } = problem;
  const [chosen, setChosen] = useState<string | null>(null);
  const byLocale = Object.fromEntries(statements.map((statement) => [statement.locale, statement]));
  const shown = pickLocale(byLocale, chosen ?? locale.value)?.[1] ?? null;
  return (
    <>
      <Limits problem={problem} />
      {statements.length > 1 && shown ? (
        <StatementLanguage statements={statements} shown={shown.locale} choose={setChosen} />
      ) : null}
      {shown ? <StatementText statement={shown} /> : <p class="empty">{t("problem.noStatement")}</p>}
      {samples.map((sample, index) => (
        <SampleView
          key={sample.name}
          number={index + 1}
          sample={sample}
          run={runSample ? () => runSample(index) : null}
        />
      ))}
      {credits.length > 0 || license !== "" ? (
        <footer class="credits">
          {credits.length > 0 ? <p>{t("problem.credits", { names: credits.join(", ") })}</p> : null}
          {license === "" ? null : <p>{t("problem.license", { license })}</p>}
        </footer>
      ) : null}
    </>
  );
}

function Limits({ problem: { limits, languages: allowed, checker, types } }: { problem: ProblemView }) {
  return (
    <dl class="limits">
      <div>
        <dt>{t("limits.time")}</dt>
        <dd>{limits.timeMs === null ? t("limits.timeUnknown") : seconds(limits.timeMs)}</dd>
      </div>
      <div>
        <dt>{t("limits.memory")}</dt>
        <dd>{`${limits.memoryMiB} MiB`}</dd>
      </div>
      <div>
        <dt>{t("limits.checker")}</dt>
        <dd>{t(`checker.${checker}`)}</dd>
      </div>
      {types.includes("pass-fail") && types.length === 1 ? null : (
        <div>
          <dt>{t("problems.type")}</dt>
          <dd>{kinds(types)}</dd>
        </div>
      )}
      <div>
        <dt>{t("limits.languages")}</dt>
        <dd>{allowed.map((id) => languages[id].name).join(", ")}</dd>
      </div>
    </dl>
  );
}

interface LanguageProps {
  statements: readonly StatementView[];
  shown: string;
  choose: (locale: string) => void;
}

function StatementLanguage({ statements, shown, choose }: LanguageProps) {
  const names = new Intl.DisplayNames(locale.value, { type: "language" });
  return (
    <label class="statement-language">
      {t("problem.statementLanguage")}{" "}
      <select value={shown} onChange={(event) => choose(event.currentTarget.value)}>
        {statements.map((statement) => (
          <option key={statement.locale} value={statement.locale}>
            {names.of(statement.locale) ?? statement.locale}
          </option>
        ))}
      </select>
    </label>
  );
}

/**
 * The one place where HTML from the server is put into the page as it is. It was rendered from Markdown when the
 * package was imported, by a renderer that escapes raw HTML and drops addresses that run code, so it holds no more
 * than text, tables, images of this site and MathML; and the page's content security policy allows no inline script.
 */
export function StatementText({ statement }: { statement: StatementView }) {
  // oxlint-disable-next-line react/no-danger -- see above
  return (
    <div class="statement" lang={statement.locale} dangerouslySetInnerHTML={{ __html: statement.html }} />
  );
}

function SampleView({ number, sample, run }: { number: number; sample: Sample; run: (() => void) | null }) {
  return (
    <section class="sample" aria-label={t("sample.title", { number })}>
      <header>
        <h2>{t("sample.title", { number })}</h2>
        {run ? (
          <button type="button" class="small" onClick={run} aria-label={t("sample.runOf", { number })}>
            <Icon name="play" />
            {t("sample.run")}
          </button>
        ) : null}
      </header>
      {sample.interaction === undefined ? (
        <div class="sample-pair">
          <SampleText
            title={t("sample.input")}
            text={sample.input}
            copy={t("sample.copyInput", { number })}
          />
          <SampleText
            title={t("sample.output")}
            text={sample.answer}
            copy={t("sample.copyOutput", { number })}
          />
        </div>
      ) : (
        <Dialogue text={sample.interaction} />
      )}
    </section>
  );
}

function SampleText({ title, text, copy }: { title: string; text: string; copy: string }) {
  return (
    <div class="sample-text">
      <header>
        <h3>{title}</h3>
        <Copy text={text} label={copy} />
      </header>
      <pre>{text}</pre>
    </div>
  );
}
