import { ContestView } from "../protocol/contest.ts";
import { request } from "./api.ts";
import { observeServerTime } from "./clock.ts";
import { useLoaded, type Loading } from "./load.ts";
import { account } from "./session.ts";

/** A contest as the reader may see it; asked for again when somebody else signs in. */
export function useContest(slug: string): Loading<ContestView> {
  return useLoaded(`contest ${slug} of ${account.value?.id ?? ""}`, async (signal) => {
    const contest = await request(ContestView, `/api/contests/${slug}`, { signal });
    observeServerTime(contest.now);
    return contest;
  });
}
