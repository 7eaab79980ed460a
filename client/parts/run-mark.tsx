import { milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import type { TestRun } from "../runs.ts";
import { Icon } from "./icons.tsx";
import { Verdict } from "./verdict.tsx";

/** How far one test is, and what came of it, in as few words as fit on a button. */
export function RunMark({ run }: { run: TestRun }) {
  if (run.state !== "done") return <span class="soft">{t(`results.${run.state}`)}</span>;
  const { verdict, wallMs } = run.outcome;
  if (verdict === "crash" || verdict === "ran") {
    return (
      <>
        <span class="verdict verdict-CE">
          <Icon name={verdict === "ran" ? "play" : "question"} />
          {t(`runKind.${verdict}`)}
        </span>{" "}
        {verdict === "ran" ? <span class="soft">{milliseconds(Math.round(wallMs))}</span> : null}
      </>
    );
  }
  return (
    <>
      {verdict === "AC" ? (
        <span class="verdict verdict-AC">
          <Icon name="check" />
          {t("results.passedShort")}
        </span>
      ) : (
        <Verdict verdict={verdict} brief />
      )}{" "}
      <span class="soft">{milliseconds(Math.round(wallMs))}</span>
    </>
  );
}
