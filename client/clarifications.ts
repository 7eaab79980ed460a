import { useEffect, useRef, useState } from "preact/hooks";
import {
  Clarification,
  UnreadClarifications,
  type ClarificationForm,
  type LiveClarification,
} from "../protocol/clarification.ts";
import { request } from "./api.ts";
import { afterNews } from "./clarification-threads.ts";
import { t } from "./i18n.ts";
import { useLoaded } from "./load.ts";
import "./locales/clarifications.ts";
import { notify } from "./notifications.ts";
import { account } from "./session.ts";
import { feedOpened, listenForClarifications, useAccountFeed } from "./submissions.ts";
import { newUuid } from "./uuid.ts";

/** A contest's clarifications as its pages follow them: counts come by HTTP, what is new by the account's own socket. */

export const apiOf = (slug: string): string => `/api/contests/${slug}/clarifications`;
export const pageOf = (slug: string): string => `/contests/${slug}/clarifications`;

type Said = NonNullable<LiveClarification["said"]>;

const nothing: UnreadClarifications = { unread: [], unanswered: null };

export interface ClarificationNews {
  counts: UnreadClarifications;
  /** What has been said since the page was opened, the oldest first, until it was dismissed. */
  said: readonly Said[];
  dismiss: () => void;
  /** Takes newer counts that came another way. */
  replace: (counts: UnreadClarifications) => void;
}

/**
 * Follows a contest's clarifications while the calling component is shown: counts, and what the jury says meanwhile.
 *
 * @param onNews called whenever there is something new to be looked up
 */
export function useClarificationNews(slug: string, onNews?: () => void): ClarificationNews {
  useAccountFeed();
  const me = account.value?.id ?? null;
  const { loaded, reload, replace } = useLoaded(
    `unread clarifications ${slug} of ${me ?? ""}`,
    async (signal) =>
      me === null ? nothing : request(UnreadClarifications, `${apiOf(slug)}/unread`, { signal }),
    feedOpened.value,
  );
  const [said, setSaid] = useState<readonly Said[]>([]);
  const counts = loaded.state === "ready" ? loaded.value : null;
  const hear = useRef<(news: LiveClarification) => void>(() => undefined);
  hear.current = (news) => {
    if (news.contest !== slug) return;
    if (counts === null) reload();
    else replace(afterNews(counts, news));
    const text = textOf(counts, news);
    if (text !== null) notify(newsTitle(news.said), text, pageOf(slug));
    const { said: latest } = news;
    if (latest !== null) setSaid((before) => [...before.filter(({ id }) => id !== latest.id), latest]);
    onNews?.();
  };
  useEffect(() => listenForClarifications((news) => hear.current(news)), []);
  return { counts: counts ?? nothing, said, dismiss: () => setSaid([]), replace };
}

/** What a message is worth telling outside of the page; null for nothing. The jury is told of questions only. */
function textOf(before: UnreadClarifications | null, { said, unanswered }: LiveClarification): string | null {
  if (said !== null) return said.text;
  const isMore = unanswered !== null && unanswered > (before?.unanswered ?? unanswered);
  return isMore ? t("clarification.newQuestion", { count: unanswered }) : null;
}

export function newsTitle(said: Said | null): string {
  if (said === null) return t("clarification.title");
  const { problem } = said;
  return problem === null ? t("clarification.news") : t("clarification.newsOf", { problem });
}

type WithoutKey<Form> = Form extends unknown ? Omit<Form, "key"> : never;

/** Says something once, however often it has to be sent: the key stays until it was heard or something else is said. */
export function useSaying(slug: string): (form: WithoutKey<ClarificationForm>) => Promise<Clarification> {
  const attempt = useRef({ content: "", key: "" });
  return async (form) => {
    const content = JSON.stringify(form);
    if (attempt.current.content !== content) attempt.current = { content, key: newUuid() };
    const body = { ...form, key: attempt.current.key } satisfies ClarificationForm;
    const said = await request(Clarification, apiOf(slug), { method: "POST", body });
    attempt.current = { content: "", key: "" };
    return said;
  };
}
