import * as v from "valibot";
import {
  ClarificationForm,
  QueueStep,
  ReadClarifications,
  type Clarification,
  type ClarificationList,
  type UnreadClarifications,
} from "../../protocol/clarification.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import { teams } from "./fixtures/jury.ts";
import { MINUTE, now } from "./fixtures/time.ts";

/** What was said in the contests of the small site, to a team or to the jury, and what is said there by a test. */
export interface Talk {
  isJury: boolean;
  clarifications: Clarification[];
  unread: string[];
  /** A refusal of whatever is asked to be done next; null for none. */
  refuses: ErrorBody | null;
}

const own = { id: "team-04", name: "Os Tabaréus" };
const other = { id: "team-12", name: "Late Registration" };

/** Something that was said; `more` says what. */
export const clarificationOf = (more: Partial<Clarification>): Clarification => ({
  id: "",
  kind: "question",
  from: null,
  to: null,
  replyTo: null,
  quote: null,
  problem: null,
  text: "",
  at: now - 60 * MINUTE,
  contestTimeMs: 94 * MINUTE,
  isAnswered: false,
  jury: null,
  ...more,
});

/** As the team Os Tabaréus reads it: its own two questions, and what everybody was told. */
export const teamTalk = (): Talk => ({
  isJury: false,
  refuses: null,
  unread: ["c-4"],
  clarifications: [
    clarificationOf({
      id: "c-1",
      kind: "announcement",
      text: "Welcome! The printers are in room 3.",
      contestTimeMs: null,
    }),
    clarificationOf({ id: "c-2", from: own, problem: "A", text: "May n be zero?", isAnswered: true }),
    clarificationOf({
      id: "c-3",
      kind: "answer",
      to: own,
      replyTo: "c-2",
      quote: "May n be zero?",
      problem: "A",
      text: "Read the problem statement.",
    }),
    clarificationOf({
      id: "c-4",
      kind: "answer",
      quote: "Is the graph connected?\nIn sample 2 it is not.",
      problem: "C",
      text: "It need not be.",
      at: now - 20 * MINUTE,
    }),
    clarificationOf({ id: "c-5", from: own, text: "May we leave the room?", at: now - 10 * MINUTE }),
  ],
});

/** As the jury reads it: two that wait, of which one is claimed by somebody else. */
export const juryTalk = (): Talk => {
  const jury = { by: "Bo Li", claim: null };
  return {
    isJury: true,
    refuses: null,
    unread: [],
    clarifications: [
      clarificationOf({ id: "c-2", from: own, problem: "A", text: "May n be zero?", isAnswered: true, jury }),
      clarificationOf({
        id: "c-3",
        kind: "answer",
        to: own,
        replyTo: "c-2",
        quote: "May n be zero?",
        problem: "A",
        text: "No.",
        jury,
      }),
      clarificationOf({ id: "c-5", from: own, text: "May we leave the room?", at: now - 10 * MINUTE, jury }),
      clarificationOf({
        id: "c-6",
        from: other,
        problem: "C",
        text: "Is the graph connected?",
        at: now - 5 * MINUTE,
        jury: { by: "Caio", claim: { by: "Bo Li", isMine: false } },
      }),
    ],
  };
};

type Given = { status: number; body: unknown };
const ok = (body: unknown): Given => ({ status: 200, body });

/** @param said - the request's body */
export function clarificationRoutes(
  talk: Talk,
  said: string,
): readonly (readonly [RegExp, (slug: string, id: string) => Given])[] {
  const unless = (act: () => Given): Given =>
    talk.refuses === null ? act() : { status: 409, body: talk.refuses };
  return [
    [/^GET \/api\/contests\/([\w-]+)\/clarifications$/, () => ok(listOf(talk))],
    [/^GET \/api\/contests\/([\w-]+)\/clarifications\/unread$/, () => ok(unreadOf(talk))],
    [/^POST \/api\/contests\/([\w-]+)\/clarifications\/read$/, () => ok(markRead(talk, said))],
    [/^POST \/api\/contests\/([\w-]+)\/clarifications$/, () => unless(() => ok(sayIn(talk, said)))],
    [
      /^POST \/api\/contests\/([\w-]+)\/clarifications\/([\w-]+)\/queue$/,
      (_, id) => unless(() => ok(moveIn(talk, id, said))),
    ],
  ];
}

const listOf = ({ isJury, clarifications }: Talk): ClarificationList => ({
  clarifications,
  teams: isJury ? teams : null,
});

const unreadOf = ({ isJury, clarifications, unread }: Talk): UnreadClarifications => ({
  unread,
  unanswered: isJury
    ? clarifications.filter(({ kind, isAnswered }) => kind === "question" && !isAnswered).length
    : null,
});

function markRead(talk: Talk, said: string): UnreadClarifications {
  const { ids } = v.parse(ReadClarifications, JSON.parse(said));
  talk.unread = talk.unread.filter((id) => !ids.includes(id));
  return unreadOf(talk);
}

function sayIn(talk: Talk, said: string): Clarification {
  const form = v.parse(ClarificationForm, JSON.parse(said));
  const id = `c-${talk.clarifications.length + 10}`;
  const shared = {
    id,
    text: form.text,
    at: now,
    jury: talk.isJury ? { by: "Ana Terra", claim: null } : null,
  };
  switch (form.type) {
    case "ask":
      return added(talk, clarificationOf({ ...shared, from: own, problem: form.problem }));
    case "announce": {
      const to = teams.find((team) => team.id === form.to) ?? null;
      return added(talk, clarificationOf({ ...shared, kind: "announcement", to, problem: form.problem }));
    }
    case "answer": {
      const question = talk.clarifications.find((asked) => asked.id === form.replyTo);
      change(talk, form.replyTo, { isAnswered: true, jury: { by: "Caio", claim: null } });
      const to = form.to === "team" ? (question?.from ?? null) : null;
      return added(talk, clarificationOf({ ...shared, kind: "answer", to, replyTo: form.replyTo }));
    }
    default:
      return form satisfies never;
  }
}

function added(talk: Talk, clarification: Clarification): Clarification {
  talk.clarifications = [...talk.clarifications, clarification];
  return clarification;
}

function change(talk: Talk, id: string, to: Partial<Clarification>): void {
  talk.clarifications = talk.clarifications.map((said) => (said.id === id ? { ...said, ...to } : said));
}

function moveIn(talk: Talk, id: string, said: string): object {
  const { step } = v.parse(QueueStep, JSON.parse(said));
  const claim = step === "claim" ? { by: "Ana Terra", isMine: true } : null;
  const isAnswered = step === "close" ? { isAnswered: true } : step === "reopen" ? { isAnswered: false } : {};
  change(talk, id, { ...isAnswered, jury: { by: "Caio", claim } });
  return {};
}
