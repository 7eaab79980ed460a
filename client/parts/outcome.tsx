import { bytes, memory, milliseconds, seconds } from "../format.ts";
import { t } from "../i18n.ts";
import { limitsHere } from "../outcomes.ts";
import type { RunOutcome } from "../runs.ts";
import { usesLong } from "../../wasm-runtimes/clang/long-type.ts";
import type { Workbench } from "../workbench.ts";
import { Complaints } from "./complaints.tsx";
import { Difference } from "./difference.tsx";
import { Icon } from "./icons.tsx";
import { Said } from "./said.tsx";
import { Verdict } from "./verdict.tsx";

export interface OutcomeProps {
  bench: Workbench;
  outcome: RunOutcome;
  /** Null when nobody said what it should be. */
  answer: string | null;
  /** Null where it is shown anyway. */
  input: string | null;
  /** What is said of a test that passed: on a sample "accepted" would promise too much. Null where how it ended is said elsewhere. */
  passed: string | null;
}

/** How one test ended, in a line. */
export function Ending({ outcome, passed }: { outcome: RunOutcome; passed: string }) {
  return (
    <p class="outcome-line">
      <Mark verdict={outcome.verdict} passed={passed} />
      <span class="soft">{endingOf(outcome)}</span>
    </p>
  );
}

/** What came of one test in full: how it ended, where its output differs, and what it wrote to each of its two channels. */
export function Outcome({ bench, outcome, answer, input, passed }: OutcomeProps) {
  const { verdict, output, cutBytes, errors, line, message } = outcome;
  const hint = hintOf(outcome, bench);
  const broke = verdict === "RTE";
  const stderr =
    errors === "" ? null : (
      <details open={broke}>
        <summary>{t("results.stderr")}</summary>
        <Said bench={bench} text={errors} />
      </details>
    );
  return (
    <div class="outcome">
      {passed === null ? null : <Ending outcome={outcome} passed={passed} />}
      {message === "" ? null : <p class="checker-message">{message}</p>}
      {hint === null ? null : <p class="hint">{hint}</p>}
      {broke ? (
        <>
          <Complaints bench={bench} messages={outcome.places} text={errors} />
          {stderr}
        </>
      ) : null}
      {answer !== null && line !== null ? (
        <Difference expected={answer} actual={output} options={bench.problem.checkerOptions} />
      ) : (
        <Block title={t("results.output")} text={output} cutBytes={cutBytes} />
      )}
      {broke ? null : stderr}
      {input === null ? null : (
        <details>
          <summary>{t("sample.input")}</summary>
          <pre class="block">{input}</pre>
        </details>
      )}
      {answer === null || line === null ? null : (
        <details>
          <summary>{t("results.wholeOutput")}</summary>
          <pre class="block">{output}</pre>
        </details>
      )}
    </div>
  );
}

/** What this browser's way of ending a program means, where the verdict alone would mislead. */
function hintOf({ here, verdict }: RunOutcome, bench: Workbench): string | null {
  if (here === null) return null;
  const isWrong = verdict !== "AC" && verdict !== "ran";
  const hints = [endedBy(here.ended, bench), isWrong && isShortHere(bench) ? t("ended.long") : null];
  return hints.filter((hint) => hint !== null).join(" ") || null;
}

/** A number that fits on the judge may not fit here. */
const isShortHere = ({ language, source }: Workbench): boolean =>
  (language === "c" || language === "cpp") && usesLong(source.files);

function endedBy(
  ended: NonNullable<RunOutcome["here"]>["ended"],
  { problem: { limits } }: Workbench,
): string | null {
  const { wallMs, outputBytes } = limitsHere(limits);
  switch (ended) {
    case "exit":
      return null;
    case "timeout":
      return t("ended.timeout", { limit: seconds(wallMs) });
    case "output":
      return t("ended.output", { limit: memory(outputBytes / 1024) });
    case "memory":
      return t("ended.memory", { limit: memory(limits.memoryMiB * 1024) });
    case "stack":
      return t("ended.stack");
    case "crash":
      return t("ended.crash");
    default:
      return ended satisfies never;
  }
}

/** How long it took, how much memory where that is known, and how it ended unless it ended well. */
function endingOf({ wallMs, measured, here, exitCode, signal }: RunOutcome): string {
  const kibibytes = measured?.memoryKiB ?? (here?.memoryBytes ? here.memoryBytes / 1024 : null);
  return [
    measured === null
      ? milliseconds(Math.round(wallMs))
      : t("submission.measurement", {
          cpu: milliseconds(Math.round(measured.cpuMs)),
          wall: milliseconds(Math.round(wallMs)),
        }),
    ...(kibibytes === null ? [] : [memory(kibibytes)]),
    ...(exitCode === null || exitCode === 0 ? [] : [t("results.exitCode", { code: String(exitCode) })]),
    ...(signal === null ? [] : [t("results.signal", { signal: String(signal) })]),
  ].join(" · ");
}

function Mark({ verdict, passed }: { verdict: RunOutcome["verdict"]; passed: string }) {
  if (verdict === "crash" || verdict === "ran") return <>{t(`runKind.${verdict}`)}</>;
  if (verdict !== "AC") return <Verdict verdict={verdict} />;
  return (
    <span class="verdict verdict-AC">
      <Icon name="check" />
      <span>{passed}</span>
    </span>
  );
}

/** Long outputs are cut: a page with megabytes of text in it is of no use to anybody. */
const MOST_SHOWN = 20_000;

function Block({ title, text, cutBytes }: { title: string; text: string; cutBytes: number }) {
  return (
    <>
      <h3>{title}</h3>
      {text === "" ? (
        <p class="empty">{t("results.noOutput")}</p>
      ) : (
        <pre class="block">
          {text.slice(0, MOST_SHOWN)}
          {text.length > MOST_SHOWN ? `\n${t("results.cut", { count: text.length - MOST_SHOWN })}` : ""}
          {cutBytes > 0 ? `\n${t("results.cutOnJudge", { size: bytes(cutBytes) })}` : ""}
        </pre>
      )}
    </>
  );
}
