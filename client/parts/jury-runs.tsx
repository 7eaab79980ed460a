import type { JuryRun } from "../../protocol/jury.ts";
import { bytes, exactMilliseconds, memory } from "../format.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import { Verdict } from "./verdict.tsx";

interface Props {
  runs: readonly JuryRun[];
  /** The one whose files are shown, or null. */
  shown: number | null;
  /** Where a test's files are shown. */
  hrefOf: (position: number) => string;
}

/** Every test of one round by name, with all that was measured and said of it. */
export function JuryRuns({ runs, shown, hrefOf }: Props) {
  const scored = runs.some(({ score }) => score !== null);
  return (
    <TableScroll label={t("submission.tests")}>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              {t("submission.test")}
            </th>
            <th scope="col">{t("jury.testName")}</th>
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
            <th scope="col" class="number">
              {t("results.output")}
            </th>
            <th scope="col">{t("jury.message")}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Run
              key={run.position}
              run={run}
              scored={scored}
              shown={run.position === shown}
              href={hrefOf(run.position)}
            />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface RunProps {
  run: JuryRun;
  scored: boolean;
  shown: boolean;
  href: string;
}

function Run({ run, scored, shown, href }: RunProps) {
  return (
    <tr class={shown ? "shown-row" : undefined}>
      <td class="number">{run.position}</td>
      <th scope="row" class="nowrap">
        <a href={href} aria-current={shown ? "true" : undefined}>
          {run.name}
        </a>
      </th>
      <td>
        <Verdict verdict={run.verdict} brief />
      </td>
      {scored ? <td class="number">{run.score ?? ""}</td> : null}
      <td class="number">{exactMilliseconds(run.cpuMs)}</td>
      <td class="number">{exactMilliseconds(run.wallMs)}</td>
      <td class="number">{memory(run.memoryKiB)}</td>
      <td class="number">{bytes(run.outputBytes)}</td>
      <td class="remarks">
        {run.message === "" ? null : <p class="said">{run.message}</p>}
        {run.teamMessage === "" ? null : (
          <p class="said soft">
            {t("jury.toTeam")} {run.teamMessage}
          </p>
        )}
        <Measurements run={run} />
      </td>
    </tr>
  );
}

function Measurements({ run: { measurements } }: { run: JuryRun }) {
  if (measurements.length < 2) return null;
  return (
    <ul class="jury-measurements">
      {measurements.map(({ verdict, cpuMs, wallMs, alone }, index) => (
        <li key={index}>
          <Verdict verdict={verdict} brief />{" "}
          {t("submission.measurement", { cpu: exactMilliseconds(cpuMs), wall: exactMilliseconds(wallMs) })}
          {alone ? <span class="soft"> {t("jury.alone")}</span> : null}
        </li>
      ))}
    </ul>
  );
}
