import { ContestView } from "../protocol/contest.ts";
import { request } from "./api.ts";
import { observeServerTime } from "./clock.ts";
import { useLoaded, type Loading } from "./load.ts";
import { account } from "./session.ts";

/**
 * A contest as the reader may see it; asked for again when somebody else signs in.
 *
 * @param occasion - when this number changes it is asked for again, as times may have been changed meanwhile
 */
export function useContest(slug: string, occasion = 0): Loading<ContestView> {
  return useLoaded(
    `contest ${slug} of ${account.value?.id ?? ""}`,
    async (signal) => heard(await request(ContestView, `/api/contests/${slug}`, { signal })),
    occasion,
  );
}

/** Asks for a change of a contest. @returns the contest as it is then @throws ApiError */
export async function askContest(slug: string, act: string, body?: unknown): Promise<ContestView> {
  return heard(await request(ContestView, `/api/contests/${slug}/${act}`, { method: "POST", body }));
}

function heard(contest: ContestView): ContestView {
  observeServerTime(contest.now);
  return contest;
}
