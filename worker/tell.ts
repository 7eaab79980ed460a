import { accountFeed, type Env } from "./env.ts";
import { audiencesOf, submissionView } from "./submission-rows.ts";

/** As many are told at once; the others read the truth when they look. */
const AT_MOST = 200;

/** Tells those who follow these submissions how they stand now, after something other than a judge has changed them. */
export async function tellSubmissions(env: Env, submissions: readonly string[]): Promise<void> {
  const told = submissions.slice(0, AT_MOST);
  try {
    const audiences = await audiencesOf(env, told);
    for (const id of told) {
      const submission = await submissionView(env, id);
      const users = audiences.get(id) ?? [];
      await Promise.all(users.map((user) => accountFeed(env, user).push({ type: "submission", submission })));
    }
  } catch {
    // A lost message costs a moment: pages read the truth when they connect again.
  }
}
