import { useEffect, useRef } from "preact/hooks";
import type { SubmissionView } from "../protocol/submission.ts";
import { Recording, VirtualView } from "../protocol/virtual.ts";
import { request } from "./api.ts";
import { observeServerTime } from "./clock.ts";
import { useLoaded, type Loading } from "./load.ts";
import { account } from "./session.ts";
import { useOwnSubmissions } from "./submissions.ts";

/** The reader's last run through a contest that is over; of nobody, where nobody is signed in. */
export function useVirtual(slug: string): Loading<VirtualView> {
  const id = account.value?.id;
  return useLoaded(`virtual ${slug} of ${id ?? ""}`, async (signal) =>
    id === undefined
      ? { run: null, submissions: [], now: 0 }
      : heard(await request(VirtualView, pathOf(slug), { signal })),
  );
}

/** Begins a run, or ends the one that goes on. @throws ApiError */
export async function askVirtual(slug: string, method: "POST" | "DELETE"): Promise<VirtualView> {
  return heard(await request(VirtualView, pathOf(slug), { method }));
}

const pathOf = (slug: string): string => `/api/contests/${slug}/virtual`;

function heard(view: VirtualView): VirtualView {
  observeServerTime(view.now);
  return view;
}

/** A contest that is over, to be shown again. */
export function useRecording(slug: string): Loading<Recording> {
  return useLoaded(`recording ${slug}`, (signal) =>
    request(Recording, `/api/contests/${slug}/recording`, { signal }),
  );
}

/**
 * The submissions of a run as they stand, newest first, each at its own time; asks for the run again whenever there is a
 * new one or one is judged.
 */
export function useRunSubmissions(
  slug: string,
  { submissions }: VirtualView,
  reload: () => void,
): SubmissionView[] {
  const { shown } = useOwnSubmissions({ contest: slug });
  const beside = shown.filter((one) => one.beside === slug);
  const news = beside.map(({ id, judgement }) => `${id} ${judgement?.round} ${judgement?.verdict}`).join();
  const known = useRef(news);
  useEffect(() => {
    if (known.current !== news) reload();
    known.current = news;
  }, [news]);
  const times = new Map(submissions.map(({ id, at }) => [id, at]));
  return beside.flatMap((one) => {
    const contestTimeMs = times.get(one.id);
    // As those of a contest are shown: that it was over goes without saying here.
    return contestTimeMs === undefined ? [] : [{ ...one, contest: slug, beside: null, contestTimeMs }];
  });
}
