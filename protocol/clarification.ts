import * as v from "valibot";
import { Count, Instant, Milliseconds, Slug } from "./text.ts";

/**
 * What teams ask and the jury says (CLICS Contest API, "Clarifications"). Nothing that was said is changed afterwards: a
 * correction is another answer.
 *
 *     question      a team to the jury
 *     answer        the jury to the team that asked, or to everybody
 *     announcement  the jury to one team, or to everybody
 */
export const ClarificationKind = v.picklist(["question", "answer", "announcement"]);
export type ClarificationKind = v.InferOutput<typeof ClarificationKind>;

export const MAX_CLARIFICATION_LENGTH = 2000;

const Said = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(MAX_CLARIFICATION_LENGTH, `at most ${MAX_CLARIFICATION_LENGTH} characters`),
);

const said = {
  /** Made once by whoever sends it: what comes again under its key, because nobody heard the answer, is not said twice. */
  key: v.pipe(v.string(), v.uuid("not a UUID")),
  text: Said,
};

/** POST /api/contests/:slug/clarifications: `ask` by a team, the others by the jury. */
export const ClarificationForm = v.variant("type", [
  v.strictObject({
    type: v.literal("ask"),
    ...said,
    /** A problem's label; null for a question in general. */
    problem: v.nullable(v.string()),
  }),
  v.strictObject({
    type: v.literal("answer"),
    ...said,
    /** The question's id. */
    replyTo: v.string(),
    to: v.picklist(["team", "all"]),
  }),
  v.strictObject({
    type: v.literal("announce"),
    ...said,
    problem: v.nullable(v.string()),
    /** A team's id; null for everybody. */
    to: v.nullable(v.string()),
  }),
]);
export type ClarificationForm = v.InferOutput<typeof ClarificationForm>;

/**
 * POST /api/contests/:slug/clarifications/:id/queue, by the jury. Who has claimed a question is the only one to answer it:
 *
 *     waiting --claim--> claimed --answer--> answered --reopen--> waiting
 *        ^                  |  \                         ^
 *        +-----release------+   +---------close----------+
 *
 * To correct an answer an answered question is claimed again; it stays answered.
 */
export const QueueStep = v.strictObject({ step: v.picklist(["claim", "release", "close", "reopen"]) });
export type QueueStep = v.InferOutput<typeof QueueStep>;

const TeamName = v.object({ id: v.string(), name: v.string() });

/** A clarification as its reader may see it. */
export const Clarification = v.object({
  id: v.string(),
  kind: ClarificationKind,
  /** Who asked; null for what the jury says, and once the team is gone. */
  from: v.nullable(TeamName),
  /** The only team that it is for; null for everybody. Null for a question, which is for the jury. */
  to: v.nullable(TeamName),
  /** The question that it answers, if the reader sees that one too. */
  replyTo: v.nullable(v.string()),
  /** The text of the question that it answers, which says nothing of who asked. */
  quote: v.nullable(v.string()),
  /** A label; null for what is said in general. */
  problem: v.nullable(v.string()),
  text: v.string(),
  at: Instant,
  /** Of the team that asked, else of everybody; null outside of it. */
  contestTimeMs: v.nullable(Milliseconds),
  /** Whether the jury is done with a question, be it without a word. */
  isAnswered: v.boolean(),
  /** What only the jury is told. */
  jury: v.nullable(
    v.object({
      /** Who wrote it, by name. */
      by: v.string(),
      claim: v.nullable(v.object({ by: v.string(), isMine: v.boolean() })),
    }),
  ),
});
export type Clarification = v.InferOutput<typeof Clarification>;

/** GET /api/contests/:slug/clarifications */
export const ClarificationList = v.object({
  /** In the order in which they were said. */
  clarifications: v.array(Clarification),
  /** For the jury, which may announce to any of them; null for everybody else. */
  teams: v.nullable(v.array(TeamName)),
});
export type ClarificationList = v.InferOutput<typeof ClarificationList>;

/** GET /api/contests/:slug/clarifications/unread */
export const UnreadClarifications = v.object({
  /** The ids of what the account has not been shown yet; none for the jury. */
  unread: v.array(v.string()),
  /** How many questions have no answer, for the jury; null for everybody else. */
  unanswered: v.nullable(Count),
});
export type UnreadClarifications = v.InferOutput<typeof UnreadClarifications>;

/** POST /api/contests/:slug/clarifications/read: they were shown to the account. */
export const ReadClarifications = v.strictObject({ ids: v.pipe(v.array(v.string()), v.maxLength(1000)) });
export type ReadClarifications = v.InferOutput<typeof ReadClarifications>;

/** On /live/me: something was asked, answered, announced, or moved in the jury's queue. */
export const LiveClarification = v.object({
  type: v.literal("clarification"),
  contest: Slug,
  /** What the jury has said to the reader; null where there is only something new to be looked up. */
  said: v.nullable(v.object({ id: v.string(), problem: v.nullable(v.string()), text: v.string() })),
  /** As in `UnreadClarifications`. */
  unanswered: v.nullable(Count),
});
export type LiveClarification = v.InferOutput<typeof LiveClarification>;
