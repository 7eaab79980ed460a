import type { ComponentChildren } from "preact";
import type { Clarification } from "../../protocol/clarification.ts";
import type { ContestView } from "../../protocol/contest.ts";
import type { Thread } from "../clarification-threads.ts";
import { t } from "../i18n.ts";
import { Balloon } from "./icons.tsx";
import { When } from "./when.tsx";

interface Props {
  contest: ContestView;
  thread: Thread;
  /** The ids of what the reader sees for the first time. */
  fresh: ReadonlySet<string>;
  /** What the jury may do with it. */
  children?: ComponentChildren;
}

/** A question with its answers, or something that the jury has said by itself. */
export function ClarificationThread({ contest, thread: { head, answers }, fresh, children }: Props) {
  const subject = head.problem === null ? t("clarification.general") : null;
  const colour = contest.problems.find(({ label }) => label === head.problem)?.colour;
  return (
    <li class="card panel">
      <h3 class="panel-head">
        {colour === undefined ? null : <Balloon colour={colour} />}
        {subject ?? t("clarification.problem", { problem: head.problem ?? "" })}
        <Freshness one={head} fresh={fresh} />
        {head.kind === "question" ? <QuestionState head={head} answers={answers} /> : null}
      </h3>
      {head.quote === null ? null : <blockquote class="clarification-text soft">{head.quote}</blockquote>}
      <Said one={head} contest={contest} />
      {answers.map((answer) => (
        <div key={answer.id} class="clarification-answer">
          <Freshness one={answer} fresh={fresh} />
          <Said one={answer} contest={contest} />
        </div>
      ))}
      {children}
    </li>
  );
}

function Freshness({ one, fresh }: { one: Clarification; fresh: ReadonlySet<string> }) {
  return fresh.has(one.id) ? <span class="chip chip-warning">{t("clarification.new")}</span> : null;
}

function QuestionState({ head, answers }: Thread) {
  if (!head.isAnswered) return <span class="chip">{t("clarification.waiting")}</span>;
  return (
    <span class="chip chip-ready">
      {answers.length === 0 ? t("clarification.putAside") : t("clarification.done")}
    </span>
  );
}

function Said({ one, contest }: { one: Clarification; contest: ContestView }) {
  return (
    <>
      <p class="clarification-text">{one.text}</p>
      <p class="soft">
        {[
          kindOf(one),
          partnerOf(one, contest),
          one.jury ? t("clarification.by", { name: one.jury.by }) : null,
        ]
          .filter((words) => words !== null)
          .join(" ")}{" "}
        · <When at={one.at} contestTimeMs={one.contestTimeMs} />
      </p>
    </>
  );
}

function kindOf({ kind }: Clarification): string {
  switch (kind) {
    case "question":
      return t("clarification.question");
    case "answer":
      return t("clarification.answer");
    case "announcement":
      return t("clarification.announcement");
    default:
      return kind satisfies never;
  }
}

/** Whom it comes from or is for. */
function partnerOf({ kind, from, to, jury }: Clarification, { team }: ContestView): string {
  if (kind === "question") {
    if (from === null) return t("clarification.teamGone");
    return jury === null && from.id === team?.id
      ? t("clarification.ours")
      : t("clarification.toJury", { team: from.name });
  }
  if (to === null) return t("clarification.toAll");
  return jury === null ? t("clarification.toUs") : t("clarification.toTeam", { team: to.name });
}
