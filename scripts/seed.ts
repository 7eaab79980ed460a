import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { ContestList, MINUTE_MS, type ContestForm } from "../protocol/contest.ts";
import { ImportReport, Shelf } from "../protocol/problem.ts";
import { demoContest } from "../problems/demo.ts";
import { PROBLEMS } from "./folders.ts";
import type { Server } from "./server.ts";

/** How many accounts there are to try the demo with. */
const ACCOUNTS = 3;
export const demoAccounts = Array.from({ length: ACCOUNTS }, (_, at) => `demo-${at + 1}`);

/**
 * Imports the packages of dist/problems, publishes them and opens the demo contest, all by the requests that an organiser's
 * page makes. What is there already is left alone, so an interrupted run is finished by the next.
 *
 * @param cookie of an administrator's session
 * @returns how many problems were imported, and the contest's name if it was made now
 */
export async function seed(
  server: Server,
  cookie: string,
): Promise<{ problems: number; contest: string | null }> {
  const call = caller(server, cookie);
  const shelf = await call("GET", "/api/organise/problems", Shelf);
  const known = new Map(shelf.problems.map(({ slug, state }) => [slug, state]));
  let imported = 0;
  for (const file of readdirSync(PROBLEMS).sort()) {
    const slug = file.replace(/\.zip$/, "");
    if (!known.has(slug)) {
      await call(
        "POST",
        `/api/problems?name=${slug}`,
        ImportReport,
        new Uint8Array(readFileSync(join(PROBLEMS, file))),
      );
      imported++;
    }
    if (known.get(slug) !== "published") await call("POST", `/api/problems/${slug}/publish`, v.unknown());
  }
  const { contests } = await call("GET", "/api/contests", ContestList);
  if (contests.some(({ slug }) => slug === demoContest.slug)) return { problems: imported, contest: null };
  const startAt = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const form: ContestForm = { ...demoContest, startAt };
  await call("POST", "/api/contests", v.unknown(), form);
  return { problems: imported, contest: form.name };
}

type Call = <Schema extends v.GenericSchema>(
  method: "GET" | "POST",
  path: string,
  answer: Schema,
  body?: Uint8Array | object,
) => Promise<v.InferOutput<Schema>>;

function caller(server: Server, cookie: string): Call {
  return async (method, path, schema, body) => {
    const bytes = body instanceof Uint8Array;
    const headers = { cookie, "content-type": bytes ? "application/zip" : "application/json" };
    const answer = await server.fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return v.parse(schema, JSON.parse(text));
  };
}
