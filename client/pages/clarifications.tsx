import { useRoute } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import {
  ClarificationList,
  UnreadClarifications,
  type ReadClarifications,
} from "../../protocol/clarification.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { request } from "../api.ts";
import { threadsOf } from "../clarification-threads.ts";
import { apiOf, useClarificationNews, type ClarificationNews } from "../clarifications.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import "../locales/clarifications.ts";
import { Await } from "../parts/await.tsx";
import { ClarificationAnnounce } from "../parts/clarification-announce.tsx";
import { ClarificationAsk } from "../parts/clarification-ask.tsx";
import { ClarificationAlert } from "../parts/clarification-badge.tsx";
import { ClarificationNotify } from "../parts/clarification-notify.tsx";
import { ClarificationQueue } from "../parts/clarification-queue.tsx";
import { ClarificationThread } from "../parts/clarification-thread.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Page } from "../parts/page.tsx";
import { account } from "../session.ts";
import { feedOpened } from "../submissions.ts";

/** What teams of a contest ask and the jury says: for teams and everybody else, and the jury's queue. */
export default function Clarifications() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  return <Await loading={contest}>{(view) => <Loaded key={view.slug} contest={view} />}</Await>;
}

function Loaded({ contest }: { contest: ContestView }) {
  const { slug } = contest;
  const loading = useLoaded(
    `clarifications ${slug} of ${account.value?.id ?? ""}`,
    (signal) => request(ClarificationList, apiOf(slug), { signal }),
    feedOpened.value,
  );
  const news = useClarificationNews(slug, loading.reload);
  return (
    <Await loading={loading}>
      {(list) => (
        <Page
          title={t("clarification.titleOf", { contest: contest.name })}
          heading={t("clarification.title")}
          above={<a href={`/contests/${slug}`}>{contest.name}</a>}
        >
          {list.teams === null ? null : <JuryNav slug={slug} />}
          {account.value === null ? null : <ClarificationNotify />}
          {list.teams === null ? (
            <Conversation contest={contest} list={list} news={news} reload={loading.reload} />
          ) : (
            <>
              <ClarificationAnnounce contest={contest} teams={list.teams} said={loading.reload} />
              <ClarificationQueue
                contest={contest}
                threads={threadsOf(list.clarifications)}
                reload={loading.reload}
              />
            </>
          )}
        </Page>
      )}
    </Await>
  );
}

interface ConversationProps {
  contest: ContestView;
  list: ClarificationList;
  news: ClarificationNews;
  reload: () => void;
}

/** For everybody but the jury: asking, and what was said. */
function Conversation({ contest, list, news, reload }: ConversationProps) {
  const fresh = useMarkedRead(contest.slug, list, news);
  const threads = threadsOf(list.clarifications);
  return (
    <>
      <ClarificationAlert slug={contest.slug} news={news} />
      <ClarificationAsk contest={contest} said={reload} />
      <section aria-labelledby="said">
        <h2 id="said">{t("clarification.all")}</h2>
        {threads.length === 0 ? (
          <p class="empty">{t("clarification.none")}</p>
        ) : (
          <ul class="clarifications">
            {threads.map((thread) => (
              <ClarificationThread key={thread.head.id} contest={contest} thread={thread} fresh={fresh} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

/**
 * Marks what is shown as read as soon as the page is seen.
 * @returns the ids of what was unread when the page was opened or came since, to be told apart
 */
function useMarkedRead(slug: string, list: ClarificationList, news: ClarificationNews): ReadonlySet<string> {
  const fresh = useRef(new Set<string>());
  const shown = news.counts.unread.filter((id) => list.clarifications.some((one) => one.id === id));
  for (const id of shown) fresh.current.add(id);
  useEffect(() => {
    if (shown.length === 0) return;
    const mark = (): void => {
      if (document.visibilityState !== "visible") return;
      const body: ReadClarifications = { ids: shown };
      // What could not be marked stays unread, and is marked the next time.
      request(UnreadClarifications, `${apiOf(slug)}/read`, { method: "POST", body }).then(
        news.replace,
        () => undefined,
      );
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [slug, shown.join(" ")]);
  return fresh.current;
}
