import { useState } from "preact/hooks";
import { GuestView } from "../../protocol/guest.ts";
import { request } from "../api.ts";
import {
  type Conversation,
  editedAt,
  newConversation,
  type Settings,
  usualSettings,
  withoutAnswer,
  withTurn,
} from "./conversation.ts";
import { type Writing, useAnswer } from "./use-answer.ts";
import { type Conversations, useConversations } from "./use-conversations.ts";

/** What is heard of an answer by those who do not see it. */
type Ended = Promise<string | null>;

export interface Chat {
  conversations: Conversations;
  /** The one that is shown; kept from its first question on. */
  conversation: Conversation;
  writing: Writing | null;
  busy: boolean;
  begin: () => void;
  choose: (id: string) => void;
  change: (settings: Settings) => void;
  /** Each gives the text of the answer once it has ended, null where there is none. */
  send: (text: string, settings: Settings) => Ended;
  edit: (place: number, text: string) => Ended;
  again: () => Ended;
  stop: () => void;
}

interface Whose {
  /** The account's id; null for whoever is not signed in, whose first question makes this browser a guest. */
  owner: string | null;
  /** What a new conversation is with. */
  model: string;
  /** Called when a guest may have spent something. */
  spent: (() => void) | undefined;
}

/** One conversation at a time, of those on this device. */
export function useChat({ owner, model, spent }: Whose): Chat {
  const conversations = useConversations(owner);
  const answering = useAnswer();
  const [fresh, setFresh] = useState(() => newConversation(usualSettings(model), Date.now()));
  const [open, setOpen] = useState<string | null>(null);
  const conversation = conversations.all?.find(({ id }) => id === open) ?? fresh;
  const busy = answering.writing !== null;

  const begin = (): void => {
    setFresh(newConversation(conversation.settings, Date.now()));
    setOpen(null);
  };
  const guest = async (): Promise<void> => {
    if (owner === null) await request(GuestView, "/api/session/guest", { method: "POST" });
  };
  const run = async (asked: Conversation): Ended => {
    if (busy) return null;
    conversations.put(asked);
    setOpen(asked.id);
    const answer = await answering.answer(asked, guest);
    conversations.put(withTurn(asked, answer, Date.now()));
    spent?.();
    return answer.text === "" ? null : answer.text;
  };
  return {
    conversations,
    conversation,
    writing: answering.writing,
    busy,
    begin,
    choose: setOpen,
    change(settings) {
      if (busy) return;
      if (conversation === fresh) setFresh({ ...fresh, settings });
      else conversations.put({ ...conversation, settings });
    },
    send: (text, settings) =>
      run(withTurn({ ...conversation, settings }, { role: "user", text }, Date.now())),
    edit: (place, text) => run(editedAt(conversation, place, text, Date.now())),
    again: () => run(withoutAnswer(conversation, Date.now())),
    stop: answering.stop,
  };
}
