import { isProvisional } from "../../protocol/submission.ts";
import type { RoundView } from "../../protocol/jury.ts";
import { exactMilliseconds, memory } from "../format.ts";
import { t } from "../i18n.ts";
import { Failed } from "./jury-state.tsx";
import { TableScroll } from "./table-scroll.tsx";
import { Verdict } from "./verdict.tsx";
import { When } from "./when.tsx";

interface Props {
  submission: string;
  rounds: readonly RoundView[];
  /** The one whose runs are shown. */
  shown: number;
}

/** Every judging of a submission, first to last: which counts, who judged it, and verdicts given by hand with their reason. */
export function JuryRounds({ submission, rounds, shown }: Props) {
  return (
    <section aria-labelledby="rounds">
      <h2 id="rounds">{t("jury.rounds")}</h2>
      <TableScroll label={t("jury.rounds")}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                {t("jury.round")}
              </th>
              <th scope="col">{t("submission.verdict")}</th>
              <th scope="col">{t("jury.standing")}</th>
              <th scope="col">{t("jury.by")}</th>
              <th scope="col" class="number">
                {t("submission.time")}
              </th>
              <th scope="col" class="number">
                {t("submission.memory")}
              </th>
              <th scope="col">{t("submission.toolchain")}</th>
              <th scope="col">{t("jury.judgedAt")}</th>
            </tr>
          </thead>
          <tbody>
            {rounds.map((round) => (
              <Round
                key={round.round}
                round={round}
                href={`/submissions/${submission}/jury?round=${round.round}`}
                shown={round.round === shown}
              />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function Round({ round, href, shown }: { round: RoundView; href: string; shown: boolean }) {
  const { judgement, override } = round;
  return (
    <tr class={shown ? "shown-row" : undefined}>
      <th scope="row" class="number">
        <a href={href} aria-current={shown ? "true" : undefined}>
          {round.round}
        </a>
      </th>
      <td>
        <RoundOutcome round={round} />
      </td>
      <td>
        <span class={`chip standing-${round.standing}`}>{t(`standing.${round.standing}`)}</span>
      </td>
      <td>
        {override === null ? (round.judge ?? "") : t("jury.overriddenBy", { name: override.by })}
        {override === null ? null : <p class="said soft">{override.reason}</p>}
        {round.attempt > 1 ? <p class="soft">{t("jury.attempt", { count: round.attempt })}</p> : null}
      </td>
      <td class="number">{judgement && !override ? exactMilliseconds(judgement.cpuMs) : ""}</td>
      <td class="number">{judgement && !override ? memory(judgement.memoryKiB) : ""}</td>
      <td>{judgement && !override ? `${judgement.toolchain} · ${t(`sandbox.${judgement.level}`)}` : ""}</td>
      <td class="nowrap">{judgement ? <When at={judgement.judgedAt} /> : ""}</td>
    </tr>
  );
}

function RoundOutcome({ round: { state, judgement, failure } }: { round: RoundView }) {
  return (
    <>
      {state === "failed" ? <Failed /> : null}
      {judgement === null ? null : (
        <>
          <Verdict verdict={judgement.verdict} provisional={isProvisional(judgement.level)} />
          {judgement.score === null ? "" : ` ${t("submission.score", { score: judgement.score })}`}
        </>
      )}
      {state === "queued" || state === "leased" ? t(`roundState.${state}`) : null}
      {failure === "" ? null : <p class="failure">{failure}</p>}
    </>
  );
}
