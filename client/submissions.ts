import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LiveClarification } from "../protocol/clarification.ts";
import type { CustomRunView } from "../protocol/custom-run.ts";
import { LiveAccountMessage, SubmissionList, SubmissionView, type Submit } from "../protocol/submission.ts";
import { ApiError, request } from "./api.ts";
import { liveUrl, openLive, type LiveConnection } from "./live.ts";
import { useLoaded, type Loading } from "./load.ts";
import type { Entry } from "./outbox.ts";
import { account } from "./session.ts";

/**
 * The signed-in account's own submissions, as far as they have been asked for, always in their newest state:
 * lists come by HTTP, changes by the socket at /live/me, and an answer that was under way while a change
 * arrived does not turn it back.
 */
export type Submissions = ReadonlyMap<string, SubmissionView>;
export const submissions = signal<Submissions>(new Map());

/** How often the socket has opened; whoever shows submissions asks for its list again when this grows. */
export const feedOpened = signal(0);

const connection = signal<LiveConnection | null>(null);
/** Null when nothing on the page needs the socket, or nobody is signed in. */
export const feedState = computed(() => connection.value?.state.value ?? null);
export const feedHeardAt = computed(() => connection.value?.heardAt.value ?? null);

/** What the socket has said, counted, and when it last spoke of each submission. */
let heard = 0;
const heardOf = new Map<string, number>();

/** The submissions after a live message. A report about one that is unknown, or further on already, tells nothing. */
export function afterMessage(before: Submissions, message: LiveAccountMessage): Submissions {
  switch (message.type) {
    case "submission":
      return new Map(before).set(message.submission.id, message.submission);
    case "progress": {
      const known = before.get(message.submission);
      if (!known || known.state === "judged") return before;
      const progress = { done: message.done, total: message.total };
      return new Map(before).set(known.id, { ...known, state: "judging", ahead: null, progress });
    }
    case "ahead": {
      const known = before.get(message.submission);
      if (known?.state !== "queued") return before;
      return new Map(before).set(known.id, { ...known, ahead: message.ahead });
    }
    case "run":
    case "clarification":
      return before;
    default:
      return message satisfies never;
  }
}

/** The submissions after a list came; `fresher` are those that the socket spoke of since the list was asked for. */
export function afterList(
  before: Submissions,
  list: readonly SubmissionView[],
  fresher: (id: string) => boolean,
): Submissions {
  const after = new Map(before);
  for (const view of list) if (!before.has(view.id) || !fresher(view.id)) after.set(view.id, view);
  return after;
}

/** What the judge says of programs that it runs for the reader, without judging them. */
const runListeners = new Set<(run: CustomRunView) => void>();

/** @returns a function that stops listening */
export function listenForRuns(listener: (run: CustomRunView) => void): () => void {
  runListeners.add(listener);
  return () => runListeners.delete(listener);
}

const clarificationListeners = new Set<(news: LiveClarification) => void>();

/** @returns a function that stops listening */
export function listenForClarifications(listener: (news: LiveClarification) => void): () => void {
  clarificationListeners.add(listener);
  return () => clarificationListeners.delete(listener);
}

function receive(message: LiveAccountMessage): void {
  if (message.type === "clarification") {
    for (const listener of clarificationListeners) listener(message);
    return;
  }
  if (message.type === "run") {
    for (const listener of runListeners) listener(message.run);
    return;
  }
  heard += 1;
  heardOf.set(message.type === "submission" ? message.submission.id : message.submission, heard);
  submissions.value = afterMessage(submissions.value, message);
}

/** Takes an answer into the lists, unless the socket has said something newer since it was asked for. */
export async function absorb(asked: Promise<readonly SubmissionView[]>): Promise<void> {
  const askedAt = heard;
  const list = await asked;
  submissions.value = afterList(submissions.value, list, (id) => (heardOf.get(id) ?? 0) > askedAt);
}

/** Narrows the account's submissions to those in a contest, to a problem, or both. */
export interface SubmissionFilter {
  contest?: string;
  problem?: string;
}

/** The account's own submissions, newest first and kept up to date while the calling component is shown. */
export function useOwnSubmissions(filter: SubmissionFilter): {
  loading: Loading<true>;
  shown: SubmissionView[];
} {
  useAccountFeed();
  const query = new URLSearchParams({ ...filter }).toString();
  // After the socket was away the list is asked for again: what happened meanwhile was said to nobody.
  const ask = async (signal: AbortSignal): Promise<true> => {
    const list = request(SubmissionList, `/api/submissions${query === "" ? "" : `?${query}`}`, { signal });
    await absorb(list.then((answer) => answer.submissions));
    return true;
  };
  const loading = useLoaded(`submissions ${query} of ${account.value?.id ?? ""}`, ask, feedOpened.value);
  const shown = newestFirst(submissions.value).filter(
    (one) =>
      (filter.contest === undefined || (one.contest ?? one.beside) === filter.contest) &&
      (filter.problem === undefined || one.problem === filter.problem),
  );
  return { loading, shown };
}

/** What became of a submission: the server has it, or it waits in this browser until the server can be reached. */
export type Submitted = { sent: string } | { queued: string };

/**
 * Hands in a submission, after those that still wait.
 * @returns its id, or its key in the outbox while the site is away
 * @throws ApiError when it is refused
 */
export async function submit(form: Submit): Promise<Submitted> {
  const handedIn = import("./delivery.ts").then(({ handIn }) => handIn(form));
  await absorb(handedIn.then(({ sent }) => sent));
  const { outcome } = await handedIn;
  if (outcome instanceof ApiError) throw outcome;
  return outcome;
}

/** The signed-in account's submissions that wait in this browser or were refused when they were delivered, the oldest first. */
export const waiting = signal<readonly Entry[]>([]);
/** How many wait here for somebody who is not signed in now. */
export const waitingForOthers = signal(0);

/** Newest first. */
export function newestFirst(all: Submissions): SubmissionView[] {
  return [...all.values()].sort((a, b) => b.submittedAt - a.submittedAt || b.id.localeCompare(a.id));
}

let followers = 0;

function follow(): void {
  if (followers === 0 || account.value === null || connection.value !== null) return;
  connection.value = openLive({
    url: liveUrl("/live/me"),
    schema: LiveAccountMessage,
    receive,
    greet: () => {
      feedOpened.value += 1;
      return null;
    },
  });
}

function unfollow(): void {
  connection.value?.close();
  connection.value = null;
}

/** Keeps the account's socket open while the calling component is shown and somebody is signed in. */
export function useAccountFeed(): void {
  const id = account.value?.id;
  useEffect(() => {
    followers += 1;
    follow();
    return () => {
      followers -= 1;
      if (followers === 0) unfollow();
    };
  }, [id]);
}

// Another account's submissions are nobody else's business on this screen.
let owner: string | undefined;
effect(() => {
  const id = account.value?.id;
  if (id === owner) return;
  owner = id;
  heardOf.clear();
  submissions.value = new Map();
  waiting.value = [];
  unfollow();
});
