import { createStore, delMany, entries, set, type UseStore } from "idb-keyval";
import * as v from "valibot";
import { Conversation } from "./conversation.ts";

/**
 * Where conversations are kept: in this browser alone, and for each account apart, as drafts are. They are nowhere else, so signing
 * out does not delete them; whoever signs in next sees their own. A browser that keeps nothing loses them with the page.
 */

let opened: UseStore | undefined;
/** Opened at the first use: browsers without IndexedDB throw here, and only here. */
const store = (): UseStore => (opened ??= createStore("playground", "conversations"));

const prefixOf = (owner: string | null): string => `${owner ?? ""}/`;

/**
 * Those of an account, what changed last first. What can't be understood is left alone.
 * @param owner the account's id; null for whoever is not signed in
 */
export async function keptConversations(owner: string | null): Promise<Conversation[]> {
  const prefix = prefixOf(owner);
  const all = await entries<string, unknown>(store());
  return all
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([, kept]) => {
      const read = v.safeParse(Conversation, kept);
      return read.success ? [read.output] : [];
    })
    .sort((left, right) => right.changedAt - left.changedAt);
}

export const keepConversation = (owner: string | null, conversation: Conversation): Promise<void> =>
  set(prefixOf(owner) + conversation.id, conversation, store());

export const forgetConversations = (owner: string | null, ids: readonly string[]): Promise<void> =>
  delMany(
    ids.map((id) => prefixOf(owner) + id),
    store(),
  );
