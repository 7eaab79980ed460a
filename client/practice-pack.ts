import * as v from "valibot";
import { ContestView } from "../protocol/contest.ts";
import type { LanguageId } from "../protocol/language.ts";
import { ProblemList, ProblemView } from "../protocol/problem.ts";
import { loadManifest, shelfOf, sumBytes } from "../wasm-runtimes/download.ts";
import { keptPaths as keptPieces } from "../wasm-runtimes/shelf.ts";
import type { Piece } from "../wasm-runtimes/manifest.ts";
import { ApiError, request } from "./api.ts";
import { keepAnswer, keptPaths, readKept } from "./kept.ts";
import { picturesOf } from "./pictures.ts";

/** The problems of a practice pack: all that is read of them while the network is away. */

export interface PackProblem {
  /** Where the API answers it. */
  path: string;
  /** Where it is read. */
  page: string;
  /** By BCP 47 tag. */
  name: Readonly<Record<string, string>>;
}

export interface ProblemSet {
  /** The lists that lead to the problems. */
  lists: readonly string[];
  problems: readonly PackProblem[];
}

/** The whole archive, or the problems of a contest as far as the reader may see them. */
export async function loadSet(contest: string | null, signal: AbortSignal): Promise<ProblemSet> {
  if (contest === null) {
    const { problems } = await request(ProblemList, "/api/problems", { signal });
    const archive = problems.map(({ slug, name }) => ({
      path: `/api/problems/${slug}`,
      page: `/problems/${slug}`,
      name,
    }));
    return { lists: ["/api/problems"], problems: archive };
  }
  const view = await request(ContestView, `/api/contests/${contest}`, { signal });
  return {
    lists: ["/api/contests", `/api/contests/${contest}`],
    problems: view.problems.flatMap(({ label, name }) =>
      name === null
        ? []
        : [
            {
              path: `/api/contests/${contest}/problems/${label}`,
              page: `/contests/${contest}/problems/${label}`,
              name,
            },
          ],
    ),
  };
}

/** Problems asked about at once: a class does this together. */
const AT_ONCE = 4;

/** Does something with each, a few at a time, and ends with the first error. */
async function forEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const take = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

/** A problem with its pictures, where none is here yet to tell more. */
const USUAL_BYTES = 10_000;

/** About how many bytes the problems are that are not here yet: as large, on average, as those that are. */
export async function bytesToLoad(problems: readonly PackProblem[]): Promise<number> {
  const sizes: number[] = [];
  for (const { path } of problems.filter((problem) => keptPaths.value.has(problem.path))) {
    sizes.push((await readKept(path))?.size ?? 0);
  }
  const sum = sizes.reduce((all, size) => all + size, 0);
  const usual = sizes.length === 0 ? USUAL_BYTES : sum / sizes.length;
  return Math.round(usual * (problems.length - sizes.length));
}

/**
 * How many bytes these languages have to load yet; what several of them need counts once.
 * @throws ApiError when it is not known which files there are
 */
export async function languageBytesToLoad(chosen: readonly LanguageId[]): Promise<number> {
  try {
    return sumBytes(await piecesToLoad(chosen));
  } catch (error) {
    throw new ApiError("offline", String(error));
  }
}

async function piecesToLoad(chosen: readonly LanguageId[]): Promise<Piece[]> {
  const manifest = await loadManifest();
  const kept = await keptPieces();
  const pieces = new Map<string, Piece>();
  for (const language of chosen) {
    for (const piece of (await shelfOf(manifest, language)).pieces) {
      if (!kept.has(piece.path)) pieces.set(piece.path, piece);
    }
  }
  return [...pieces.values()];
}

/** Those that cannot be opened here without the network yet. */
export function missingOf(problems: readonly PackProblem[]): PackProblem[] {
  return problems.filter(({ path }) => !keptPaths.value.has(path));
}

/**
 * Brings problems here, with their pictures and, for comparing times, the jury's solutions that the site gives away. What has come
 * stays when it ends early.
 * @param hear called with the bytes of everything that has come
 */
export async function keepProblems(
  { lists, problems }: ProblemSet,
  languages: readonly LanguageId[],
  hear: (bytes: number) => void,
  stop: AbortSignal,
): Promise<void> {
  const bring = async (path: string): Promise<Blob> => {
    const content = await keepAnswer(path, stop);
    hear(content.size);
    return content;
  };
  await forEach(problems, async ({ path }) => {
    const view = v.parse(ProblemView, JSON.parse(await (await bring(path)).text()));
    for (const picture of picturesOf(view)) await bring(picture);
    for (const language of languages.filter((one) => view.yardsticks.includes(one))) {
      await bring(`/api/problems/${view.slug}/yardstick?language=${language}`);
    }
  });
  // Last: a list that is here promises nothing, but a problem without its list is hard to find.
  for (const path of lists) await bring(path);
}
