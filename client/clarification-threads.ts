import type { Clarification, LiveClarification, UnreadClarifications } from "../protocol/clarification.ts";

/** How a contest's clarifications are counted and put in order. */

/** The counts after a live message; hearing one twice changes nothing. */
export function afterNews(
  before: UnreadClarifications,
  { said, unanswered }: LiveClarification,
): UnreadClarifications {
  const isNew = said !== null && !before.unread.includes(said.id);
  return { unread: isNew ? [...before.unread, said.id] : before.unread, unanswered };
}

/** A question with its answers; an answer to somebody else's question or an announcement stands alone. */
export interface Thread {
  head: Clarification;
  answers: readonly Clarification[];
}

/** Threads by their latest, the newest first. */
export function threadsOf(clarifications: readonly Clarification[]): Thread[] {
  const answers = Map.groupBy(clarifications, ({ replyTo }) => replyTo);
  return clarifications
    .filter(({ replyTo }) => replyTo === null)
    .map((head) => ({ head, answers: answers.get(head.id) ?? [] }))
    .sort((left, right) => latestOf(right) - latestOf(left));
}

const latestOf = ({ head, answers }: Thread): number => answers.at(-1)?.at ?? head.at;

/** The jury's threads: the questions that wait, the oldest first, and the others. */
export function queueOf(threads: readonly Thread[]): { waiting: Thread[]; others: Thread[] } {
  const waits = ({ head }: Thread): boolean => head.kind === "question" && !head.isAnswered;
  const waiting = threads.filter(waits).sort((left, right) => left.head.at - right.head.at);
  return { waiting, others: threads.filter((thread) => !waits(thread)) };
}
