import { languages } from "../../protocol/language.ts";
import type { SubmissionView } from "../../protocol/submission.ts";
import { bytes, memory, milliseconds } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import { SubmissionState } from "./verdict.tsx";
import { When } from "./when.tsx";

interface Props {
  submissions: readonly SubmissionView[];
  /** The table's name for screen readers. */
  label: string;
  /** Leave the problem out where every row has the same one. */
  problem?: boolean;
}

/** Submissions, newest first; rows change in place as news arrives. */
export function SubmissionTable({ submissions, label, problem = true }: Props) {
  return (
    <TableScroll label={label}>
      <table class="submission-table" data-rows>
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("submission.verdict")}</th>
            {problem ? <th scope="col">{t("submission.problem")}</th> : null}
            <th scope="col">{t("submission.language")}</th>
            <th scope="col" class="number">
              {t("submission.time")}
            </th>
            <th scope="col" class="number">
              {t("submission.memory")}
            </th>
            <th scope="col" class="number">
              {t("submission.size")}
            </th>
          </tr>
        </thead>
        <tbody>
          {submissions.map((submission) => (
            <Row key={submission.id} submission={submission} problem={problem} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Where the problem of a submission is read: inside its contest, if it was made in one or beside it. */
export function problemPath({ contest, beside, label, problem }: SubmissionView): string {
  const within = contest ?? beside ?? null;
  return within !== null && label !== null ? `/contests/${within}/problems/${label}` : `/problems/${problem}`;
}

function Row({ submission, problem }: { submission: SubmissionView; problem: boolean }) {
  const { judgement, label } = submission;
  return (
    <tr>
      <td class="nowrap">
        <a href={`/submissions/${submission.id}`}>
          <When at={submission.submittedAt} contestTimeMs={submission.contestTimeMs} />
        </a>
        {submission.beside ? <small class="soft"> {t("submission.beside")}</small> : null}
      </td>
      <td>
        <SubmissionState submission={submission} />
      </td>
      {problem ? (
        <td>
          <a href={problemPath(submission)}>
            {label === null ? "" : `${label} · `}
            {pickText(submission.problemName)}
          </a>
        </td>
      ) : null}
      <td class="nowrap">{languages[submission.language].name}</td>
      <td class="number">{judgement ? milliseconds(judgement.cpuMs) : ""}</td>
      <td class="number">{judgement ? memory(judgement.memoryKiB) : ""}</td>
      <td class="number">{bytes(submission.bytes)}</td>
    </tr>
  );
}
