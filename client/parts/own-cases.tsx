import { useEffect, useRef, useState } from "preact/hooks";
import { MAX_CUSTOM_INPUT } from "../../protocol/custom-run.ts";
import { t } from "../i18n.ts";
import type { OwnCase } from "../own-cases.ts";
import { caseName } from "../use-cases.ts";
import type { Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { Ending } from "./outcome.tsx";
import { Outcome } from "./bench-parts.ts";
import { RunMark } from "./run-mark.tsx";
import { NotRun, Times, Trouble, WhereItRan } from "./run-plan.tsx";

/** Inputs of the reader's own, kept on this machine, and what the program made of them. */
export function OwnCases({ bench }: { bench: Workbench }) {
  const { ownPlan: plan, cases, problem } = bench;
  const { list, chosen, lost } = cases;
  const runs = plan.runs.own.value;
  const run = runs.get(chosen.id);
  const outcome = run?.state === "done" ? run.outcome : null;
  const result = useNews(outcome ?? plan.runs.compileError.value);
  if (plan.obstacle !== null) return <NotRun obstacle={plan.obstacle} />;
  return (
    <>
      <WhereItRan plan={plan} />
      <CaseList bench={bench} />
      <div class="case-sides">
        <CaseFields key={chosen.id} bench={bench} one={chosen} index={list.indexOf(chosen)} />
        <div class="case-result" ref={result}>
          {lost.value ? <Notice kind="warning">{t("cases.lost")}</Notice> : null}
          <Trouble bench={bench} plan={plan} />
          <output class="spoken">
            {outcome === null ? null : <Ending outcome={outcome} passed={t("cases.asExpected")} />}
          </output>
          {outcome === null ? null : (
            <Outcome
              bench={bench}
              outcome={outcome}
              answer={problem.checker === "default" ? chosen.expected : null}
              input={null}
              passed={null}
            />
          )}
          <Times plan={plan} runs={list.flatMap(({ id }) => runs.get(id) ?? [])} />
        </div>
      </div>
    </>
  );
}

/** Where there is room for one column only, what has just come would be out of sight beneath the fields. */
function useNews(news: object | null) {
  const place = useRef<HTMLDivElement>(null);
  const known = useRef(news);
  useEffect(() => {
    if (news !== null && news !== known.current) place.current?.scrollIntoView({ block: "nearest" });
    known.current = news;
  }, [news]);
  return place;
}

/** Every case with what came of it, and how to get more of them. */
function CaseList({ bench: { cases, ownPlan, problem, busy, runCases } }: { bench: Workbench }) {
  const { list, chosen, choose, add, full } = cases;
  return (
    <div class="case-list">
      <ol class="strip" aria-label={t("cases.title")}>
        {list.map((one, index) => {
          const run = ownPlan.runs.own.value.get(one.id);
          return (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === chosen.id} onClick={() => choose(one.id)}>
                {caseName(one, index)} {run ? <RunMark run={run} /> : null}
              </button>
            </li>
          );
        })}
      </ol>
      <span class="case-actions">
        <button type="button" class="small quiet" disabled={full} onClick={() => add()}>
          <Icon name="plus" />
          {t("cases.new")}
        </button>
        {problem.samples.length === 0 ? null : (
          <select
            class="small quiet"
            aria-label={t("cases.fromSample")}
            disabled={full}
            value=""
            onChange={(event) => {
              const number = Number(event.currentTarget.value);
              const sample = problem.samples[number - 1];
              event.currentTarget.value = "";
              if (sample)
                add({ name: t("sample.title", { number }), input: sample.input, expected: sample.answer });
            }}
          >
            <option value="">{t("cases.fromSample")}</option>
            {problem.samples.map(({ name }, index) => (
              <option key={name} value={index + 1}>
                {t("sample.title", { number: index + 1 })}
              </option>
            ))}
          </select>
        )}
        {list.length > 1 ? (
          <button type="button" class="small" disabled={busy !== null} onClick={() => runCases("all")}>
            <Icon name="play" />
            {t("cases.runAll")}
          </button>
        ) : null}
      </span>
    </div>
  );
}

interface CaseProps {
  bench: Workbench;
  one: OwnCase;
  index: number;
}

function CaseFields({ bench: { cases, ownPlan, problem }, one, index }: CaseProps) {
  const { change, remove } = cases;
  const { id, name, input, expected } = one;
  return (
    <div class="case">
      <div class="case-head">
        <input
          aria-label={t("cases.name")}
          value={name}
          placeholder={t("cases.numbered", { number: index + 1 })}
          maxLength={60}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => change(id, { name: event.currentTarget.value })}
        />
        <RemoveCase one={one} name={caseName(one, index)} remove={() => remove(id)} />
      </div>
      <label class="own-input">
        {t("results.ownInput")}
        <textarea
          rows={4}
          spellcheck={false}
          value={input}
          maxLength={ownPlan.place === "judge" ? MAX_CUSTOM_INPUT : undefined}
          onInput={(event) => change(id, { input: event.currentTarget.value })}
        />
      </label>
      {problem.checker === "default" ? (
        <details open={expected !== null}>
          <summary>{t("cases.expected")}</summary>
          <textarea
            rows={3}
            aria-label={t("cases.expected")}
            spellcheck={false}
            value={expected ?? ""}
            onInput={({ currentTarget: { value } }) => change(id, { expected: value === "" ? null : value })}
          />
        </details>
      ) : null}
    </div>
  );
}

/** Asks again before it throws away what somebody wrote. */
function RemoveCase({ one, name, remove }: { one: OwnCase; name: string; remove: () => void }) {
  const [asked, setAsked] = useState(false);
  const empty = one.input.trim() === "" && one.expected === null;
  const label = t(asked ? "files.removeSure" : "files.removeOf", { name });
  return (
    <button
      type="button"
      class={asked ? "small danger" : "small quiet"}
      aria-label={label}
      onClick={() => (empty || asked ? remove() : setAsked(true))}
      onBlur={() => setAsked(false)}
    >
      {asked ? label : t("files.remove")}
    </button>
  );
}
