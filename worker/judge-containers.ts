import type { Env } from "./env.ts";

/** So much waiting work is worth another container. */
const WORK_PER_CONTAINER = 20;

/**
 * Wants as many containers with judges as waiting work asks for, up to JUDGE_CONTAINERS: none unless the deployment says
 * otherwise.
 *
 * @param waiting - how much work waits for a judge
 */
export async function wantContainers(env: Env, waiting: number): Promise<void> {
  const { JUDGE_CONTAINERS: most, SITE_URL: site } = env;
  const count = Math.min(most, Math.ceil(waiting / WORK_PER_CONTAINER));
  const wanted = Array.from({ length: count }, (_, at) => `container-${at + 1}`);
  await Promise.all(wanted.map((name) => env.JUDGE_CONTAINER.getByName(name).want(name, site)));
}
