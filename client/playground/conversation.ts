import * as v from "valibot";
import { FinishReason } from "../../protocol/finish-reason.ts";
import { parseJson } from "../json.ts";
import { newUuid } from "../uuid.ts";

/**
 * Conversations with models, as this device keeps them, and what is done with one. Each change makes a new one:
 *
 *     asked --> answered --> asked --> …
 *       ^          |
 *       |          +-- answered again: the last answer goes, and its question is asked once more
 *       +-- a question edited: it and all that follows go, and the new one is asked
 */

const Figure = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0)));

/** How an answer came about. What was not told is null. */
export const Facts = v.object({
  model: v.string(),
  provider: v.nullable(v.string()),
  /** Through the site, or from the provider's tab to this one. */
  path: v.picklist(["relay", "peer"]),
  end: v.picklist(["finished", "stopped", "failed"]),
  reason: v.nullable(FinishReason),
  costNano: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  tokens: Figure,
  firstTokenMs: Figure,
  tokensPerSecond: Figure,
  /** Why it failed: one of the API's codes or of the page's own, and the server's sentence. */
  error: v.nullable(v.object({ code: v.string(), message: v.string() })),
});
export type Facts = v.InferOutput<typeof Facts>;

const Text = v.pipe(v.string(), v.maxLength(1_000_000));

export const Turn = v.variant("role", [
  v.object({ role: v.literal("user"), text: Text }),
  v.object({
    role: v.literal("assistant"),
    text: Text,
    /** What the model thought before. */
    thought: Text,
    facts: Facts,
  }),
]);
export type Turn = v.InferOutput<typeof Turn>;

/** What goes with every request of a conversation; null and empty for what is left to the model. */
export const Settings = v.object({
  model: v.string(),
  provider: v.nullable(v.string()),
  system: Text,
  temperature: Figure,
  topP: Figure,
  maxTokens: Figure,
  seed: v.nullable(v.pipe(v.number(), v.safeInteger())),
  stop: v.pipe(v.array(v.string()), v.maxLength(4)),
});
export type Settings = v.InferOutput<typeof Settings>;

export const Conversation = v.object({
  id: v.pipe(v.string(), v.uuid()),
  changedAt: v.number(),
  settings: Settings,
  turns: v.pipe(v.array(Turn), v.maxLength(2_000)),
});
export type Conversation = v.InferOutput<typeof Conversation>;

export const usualSettings = (model: string): Settings => ({
  model,
  provider: null,
  system: "",
  temperature: null,
  topP: null,
  maxTokens: null,
  seed: null,
  stop: [],
});

export const newConversation = (settings: Settings, now: number): Conversation => ({
  id: newUuid(),
  changedAt: now,
  settings,
  turns: [],
});

const changed = (conversation: Conversation, turns: Turn[], now: number): Conversation => ({
  ...conversation,
  turns,
  changedAt: now,
});

/** With one more turn at its end. */
export const withTurn = (conversation: Conversation, turn: Turn, now: number): Conversation =>
  changed(conversation, [...conversation.turns, turn], now);

/** With another question at this place, and nothing after it. */
export const editedAt = (
  conversation: Conversation,
  place: number,
  text: string,
  now: number,
): Conversation =>
  changed(conversation, [...conversation.turns.slice(0, place), { role: "user", text }], now);

/** Without the answers at its end, so that the last question can be asked again. */
export function withoutAnswer(conversation: Conversation, now: number): Conversation {
  const last = conversation.turns.findLastIndex(({ role }) => role === "user");
  return changed(conversation, conversation.turns.slice(0, last + 1), now);
}

/** What a conversation is called in a list: the beginning of its first question; empty where there is none. */
export function titleOf({ turns }: Conversation): string {
  const words =
    turns
      .find(({ role }) => role === "user")
      ?.text.trim()
      .split(/\s+/)
      .join(" ") ?? "";
  return words.length > 60 ? `${words.slice(0, 59).trimEnd()}…` : words;
}

/** The body of a request for the answer to a conversation's last question. Answers that failed with nothing said are left out. */
export function requestOf({ settings, turns }: Pick<Conversation, "settings" | "turns">) {
  const { model, provider, system, temperature, topP, maxTokens, seed, stop } = settings;
  const said = turns.filter(({ role, text }) => role === "user" || text !== "");
  return {
    model,
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system", content: system }]),
      ...said.map(({ role, text }) => ({ role, content: text })),
    ],
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(maxTokens === null ? {} : { max_completion_tokens: maxTokens }),
    ...(seed === null ? {} : { seed }),
    ...(stop.length === 0 ? {} : { stop }),
    ...(provider === null ? {} : { provider: { only: [provider] } }),
  };
}
export type ChatBody = ReturnType<typeof requestOf>;

const Exported = v.object({
  format: v.literal("tabarena-conversations"),
  version: v.literal(1),
  conversations: v.pipe(v.array(Conversation), v.maxLength(1_000)),
});

/** Conversations as a file that `imported` reads. */
export const exported = (conversations: readonly Conversation[]): string =>
  JSON.stringify({ format: "tabarena-conversations", version: 1, conversations }, null, 2);

/** The conversations of such a file under ids of their own, so that none takes another's place; null where it is none. */
export function imported(text: string): Conversation[] | null {
  const read = v.safeParse(Exported, parseJson(text));
  return read.success ? read.output.conversations.map((each) => ({ ...each, id: newUuid() })) : null;
}
