import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "./conversation.ts";
import { forgetConversations, keepConversation, keptConversations } from "./shelf.ts";

export interface Conversations {
  /** Null until they were read. */
  all: readonly Conversation[] | null;
  /** Whether this browser keeps them. */
  kept: boolean;
  put: (...conversations: readonly Conversation[]) => void;
  forget: (ids: readonly string[]) => void;
}

/**
 * The conversations on this device of an account, as it keeps them.
 * @param owner the account's id; null for whoever is not signed in
 */
export function useConversations(owner: string | null): Conversations {
  const [read, setRead] = useState<{ owner: string | null; all: readonly Conversation[] } | null>(null);
  const [kept, setKept] = useState(true);
  const whose = useRef(owner);
  whose.current = owner;
  useEffect(() => {
    keptConversations(owner).then(
      (all) => whose.current === owner && setRead({ owner, all }),
      () => {
        setKept(false);
        setRead({ owner, all: [] });
      },
    );
  }, [owner]);
  const refused = (): void => setKept(false);
  const change = (by: (all: readonly Conversation[]) => readonly Conversation[]): void =>
    setRead((before) => (before?.owner === owner ? { owner, all: by(before.all) } : before));
  return {
    all: read?.owner === owner ? read.all : null,
    kept,
    put(...conversations) {
      const ids = conversations.map(({ id }) => id);
      change((all) => [...conversations, ...all.filter(({ id }) => !ids.includes(id))]);
      for (const conversation of conversations) keepConversation(owner, conversation).catch(refused);
    },
    forget(ids) {
      change((all) => all.filter(({ id }) => !ids.includes(id)));
      forgetConversations(owner, ids).catch(refused);
    },
  };
}
