import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { Answer, SaidByModel } from "./answer.tsx";
import type { Conversation } from "./conversation.ts";
import type { Writing } from "./use-answer.ts";

interface Props {
  conversation: Conversation;
  /** The answer that is being written to it, if one is. */
  writing: Writing | null;
  isGuest: boolean;
  /** Whether nothing can be asked now, as something is being answered. */
  busy: boolean;
  edit: (place: number, text: string) => void;
  again: () => void;
}

/** A conversation from its beginning. Questions can be edited, and the last answer asked for again. */
export function Thread({ conversation, writing, isGuest, busy, edit, again }: Props) {
  const [editing, setEditing] = useState<number | null>(null);
  const { turns } = conversation;
  return (
    <ol class="chat" aria-label={t("playground.conversation")}>
      {turns.map((turn, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- a turn is its place in the conversation
        <li key={place} class={`turn-${turn.role}`}>
          <h2 class="soft">{t(turn.role === "user" ? "playground.you" : "playground.model")}</h2>
          {turn.role === "assistant" ? (
            <Answer turn={turn} isGuest={isGuest} />
          ) : editing === place ? (
            <Editing
              text={turn.text}
              busy={busy}
              save={(text) => {
                setEditing(null);
                edit(place, text);
              }}
              leave={() => setEditing(null)}
            />
          ) : (
            <Question text={turn.text} busy={busy} edit={() => setEditing(place)} />
          )}
          {turn.role === "assistant" && place === turns.length - 1 ? (
            <button type="button" class="small" disabled={busy} onClick={again}>
              {t("playground.again")}
            </button>
          ) : null}
        </li>
      ))}
      {writing === null ? null : (
        <li class="turn-assistant" aria-busy="true">
          <h2 class="soft">{t("playground.model")}</h2>
          <SaidByModel text={writing.text} thought={writing.thought} />
          {writing.text === "" && writing.thought === "" ? (
            <p class="soft">{t("playground.waiting")}</p>
          ) : null}
        </li>
      )}
    </ol>
  );
}

function Question({ text, busy, edit }: { text: string; busy: boolean; edit: () => void }) {
  return (
    <>
      <p class="as-written">{text}</p>
      <button type="button" class="small" disabled={busy} onClick={edit}>
        {t("playground.edit")}
      </button>
    </>
  );
}

interface EditingProps {
  text: string;
  busy: boolean;
  save: (text: string) => void;
  leave: () => void;
}

function Editing({ text, busy, save, leave }: EditingProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => area.current?.focus(), []);
  return (
    <form
      class="form chat-form"
      onSubmit={(event) => {
        event.preventDefault();
        const asked = area.current?.value.trim() ?? "";
        if (asked !== "" && !busy) save(asked);
      }}
    >
      <label for={id}>{t("playground.editLabel")}</label>
      <textarea
        id={id}
        ref={area}
        rows={4}
        defaultValue={text}
        onKeyDown={(event) => event.key === "Escape" && leave()}
      />
      <p class="hint">{t("playground.editHint")}</p>
      <p class="actions">
        <button class="primary" disabled={busy}>
          {t("playground.editSend")}
        </button>
        <button type="button" onClick={leave}>
          {t("action.cancel")}
        </button>
      </p>
    </form>
  );
}
