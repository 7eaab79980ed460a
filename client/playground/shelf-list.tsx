import { useRef, useState } from "preact/hooks";
import { shortTime } from "../format.ts";
import { t } from "../i18n.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Notice } from "../parts/notice.tsx";
import { saveFile } from "../saved-file.ts";
import { exported, imported, titleOf } from "./conversation.ts";
import type { Conversations } from "./use-conversations.ts";

interface Props {
  conversations: Conversations;
  /** The id of the one that is shown. */
  open: string;
  /** The one that is being answered, which stays until then. */
  writing: string | null;
  choose: (id: string) => void;
}

/** The conversations on this device: to open, to take along as a file, to bring from one, and to delete. */
export function ShelfList({ conversations, open, writing, choose }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const [asking, setAsking] = useState(false);
  const [told, setTold] = useState<{ wrong: boolean; count: number } | null>(null);
  const all = conversations.all ?? [];
  const bring = async (chosen: File): Promise<void> => {
    const found = imported(await chosen.text());
    if (found !== null) conversations.put(...found);
    setTold({ wrong: found === null, count: found?.length ?? 0 });
  };
  return (
    <details>
      <summary>{t("playground.conversations", { count: all.length })}</summary>
      <p class="hint">{t("playground.keptHere")}</p>
      <ul class="chats">
        {all.map((conversation) => {
          const { id, changedAt } = conversation;
          const title = titleOf(conversation) || t("playground.untitled");
          return (
            <li key={id}>
              <button
                type="button"
                class="quiet"
                aria-current={id === open ? "true" : undefined}
                onClick={() => choose(id)}
              >
                <span>{title}</span> <span class="soft">{shortTime(changedAt, Date.now())}</span>
              </button>
              <button
                type="button"
                class="small"
                disabled={id === writing}
                aria-label={t("playground.deleteOne", { title })}
                onClick={() => conversations.forget([id])}
              >
                {t("playground.delete")}
              </button>
            </li>
          );
        })}
      </ul>
      {told === null ? null : (
        <Notice kind={told.wrong ? "error" : "done"}>
          {told.wrong ? t("playground.importWrong") : t("playground.importDone", { count: told.count })}
        </Notice>
      )}
      <p class="actions">
        <button
          type="button"
          class="small"
          disabled={all.length === 0}
          onClick={() => saveFile("conversations.json", "application/json", exported(all))}
        >
          {t("playground.export")}
        </button>
        <button type="button" class="small" onClick={() => file.current?.click()}>
          {t("playground.import")}
        </button>
        <button
          type="button"
          class="small"
          disabled={all.length === 0 || writing !== null}
          onClick={() => setAsking(true)}
        >
          {t("playground.deleteAll")}
        </button>
      </p>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t("playground.import")}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          currentTarget.value = "";
          if (chosen) void bring(chosen);
        }}
      />
      {asking ? (
        <Confirm
          title={t("playground.deleteAll")}
          label={t("playground.delete")}
          danger
          busy={false}
          error={null}
          act={() => {
            conversations.forget(all.map(({ id }) => id));
            setAsking(false);
          }}
          close={() => setAsking(false)}
        >
          {t("playground.deleteAllAbout")}
        </Confirm>
      ) : null}
    </details>
  );
}
