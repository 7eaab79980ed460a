import type { FullFeedback, RunView } from "../../protocol/submission.ts";
import { exactMilliseconds, memory, milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import { TextBlock } from "./text-block.tsx";
import { Verdict } from "./verdict.tsx";

interface Props {
  runs: readonly RunView[];
  provisional: boolean;
}

/** Every test in the order in which it was run, with what its author may know; what hidden tests hold is not told. */
export function TestTable({ runs, provisional }: Props) {
  const scored = runs.some(({ score }) => score !== null);
  const passed = runs.filter(({ verdict }) => verdict === "AC").length;
  return (
    <section aria-labelledby="tests">
      <h2 id="tests">{t("submission.tests")}</h2>
      <p class="soft">{t("submission.testsPassed", { passed, all: runs.length })}</p>
      <TableScroll label={t("submission.tests")}>
        <table class="tests">
          <thead>
            <tr>
              <th scope="col" class="number">
                {t("submission.test")}
              </th>
              <th scope="col">{t("submission.verdict")}</th>
              {scored ? (
                <th scope="col" class="number">
                  {t("submission.points")}
                </th>
              ) : null}
              <th scope="col" class="number">
                {t("submission.time")}
              </th>
              <th scope="col" class="number">
                {t("submission.wallTime")}
              </th>
              <th scope="col" class="number">
                {t("submission.memory")}
              </th>
              <th scope="col">{t("submission.remarks")}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.position}>
                <th scope="row" class="number">
                  {run.position}
                </th>
                <td>
                  <Verdict verdict={run.verdict} provisional={provisional} />
                </td>
                {scored ? <td class="number">{run.score ?? ""}</td> : null}
                <td class="number">{milliseconds(run.cpuMs)}</td>
                <td class="number">{milliseconds(run.wallMs)}</td>
                <td class="number">{memory(run.memoryKiB)}</td>
                <td class="remarks">
                  <Remarks run={run} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <Measurements runs={runs.filter((run) => run.measurements.length > 1)} provisional={provisional} />
    </section>
  );
}

function Remarks({ run: { position, sample, teamMessage, hint, full } }: { run: RunView }) {
  return (
    <>
      {sample ? <p class="soft">{t("submission.sample")}</p> : null}
      {teamMessage === "" ? null : <p class="said">{teamMessage}</p>}
      {hint === "" ? null : (
        <p class="said">
          <strong>{t("submission.hint")}</strong> {hint}
        </p>
      )}
      {full === null ? null : <Full position={position} full={full} />}
    </>
  );
}

function Full({ position, full }: { position: number; full: FullFeedback }) {
  return (
    <details>
      <summary>{t("submission.inFull", { number: position })}</summary>
      <div class="full-feedback">
        <TextBlock title={t("sample.input")} text={full.input} />
        <TextBlock title={t("diff.expected")} text={full.answer} />
        <TextBlock title={t("diff.actual")} text={full.output} />
        {full.stderr === "" ? null : <TextBlock title={t("results.stderr")} text={full.stderr} />}
      </div>
    </details>
  );
}

/** Every measurement of the tests that were measured again: a verdict near a limit must be explainable. */
function Measurements({ runs, provisional }: Props) {
  if (runs.length === 0) return null;
  return (
    <div class="measurements">
      <p class="hint">{t("submission.measuredWhy")}</p>
      {runs.map(({ position, measurements }) => (
        <dl key={position}>
          <dt>{t("submission.measured", { number: position, count: measurements.length })}</dt>
          {measurements.map(({ verdict, cpuMs, wallMs }, index) => (
            <dd key={index}>
              <Verdict verdict={verdict} provisional={provisional} brief />{" "}
              {t("submission.measurement", {
                cpu: exactMilliseconds(cpuMs),
                wall: exactMilliseconds(wallMs),
              })}
            </dd>
          ))}
        </dl>
      ))}
    </div>
  );
}
