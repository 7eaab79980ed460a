import * as v from "valibot";
import { ProblemList, ProblemView } from "../protocol/problem.ts";
import { parseJson } from "./json.ts";
import { ANSWERS } from "./kept-answers.ts";
import { picturesOf } from "./pictures.ts";

/**
 * What goes when somebody signs out on a machine that others use too: the answers that were for that account. What a stranger may read
 * stays: a classroom's problems are brought there once, and not for each that comes.
 */

/** A kept answer's path with its query, and its text. */
export interface KeptText {
  path: string;
  text: string;
}

/**
 * What of the kept answers may stay: problems that are published, seen by themselves and not in a contest, with their pictures and
 * yardsticks; and the list of problems without the reader's own progress.
 * @param problems the answers about problems
 * @returns by path: the text to keep, or null to keep it as it is. What is not in it has to go
 */
export function whatMayStay(problems: readonly KeptText[]): Map<string, string | null> {
  const stay = new Map<string, string | null>();
  for (const { path, text } of problems) {
    const body = parseJson(text);
    if (path === "/api/problems") {
      const list = v.safeParse(ProblemList, body);
      if (list.success) stay.set(path, JSON.stringify(withoutProgress(list.output)));
      continue;
    }
    const view = v.safeParse(ProblemView, body);
    // An organiser reads drafts at such an address too.
    if (!view.success || view.output.state !== "published" || view.output.contest !== null) continue;
    if (path !== `/api/problems/${view.output.slug}`) continue;
    stay.set(path, null);
    for (const picture of picturesOf(view.output)) stay.set(picture, null);
    for (const language of view.output.yardsticks) stay.set(`${path}/yardstick?language=${language}`, null);
  }
  return stay;
}

const withoutProgress = ({ problems }: ProblemList): ProblemList => ({
  problems: problems.map((problem) => ({ ...problem, mine: null })),
});

/** Deletes what is kept for whoever was signed in; everything, should anything go wrong. */
export async function forgetAccount(): Promise<void> {
  if (globalThis.caches === undefined) return;
  try {
    await forgetIn(await caches.open(ANSWERS));
  } catch {
    await caches.delete(ANSWERS);
  }
}

async function forgetIn(cache: Cache): Promise<void> {
  const requests = await cache.keys();
  const texts = requests.map(pathOf).filter((path) => /^\/api\/problems(\/[^/?]+)?$/.test(path));
  const read = texts.map(async (path) => ({ path, text: (await (await cache.match(path))?.text()) ?? "" }));
  const stay = whatMayStay(await Promise.all(read));
  for (const request of requests) {
    const path = pathOf(request);
    const text = stay.get(path);
    if (text === undefined) await cache.delete(request, { ignoreVary: true });
    else if (text !== null) await replace(cache, path, text);
  }
}

async function replace(cache: Cache, path: string, text: string): Promise<void> {
  const headers = (await cache.match(path, { ignoreVary: true }))?.headers;
  if (headers !== undefined) await cache.put(path, new Response(text, { headers }));
}

function pathOf({ url }: Request): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
