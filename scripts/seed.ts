import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { AccountList } from "../protocol/account.ts";
import { ContestList, MINUTE_MS, type ContestForm } from "../protocol/contest.ts";
import { ErrorBody } from "../protocol/errors.ts";
import { Granted } from "../protocol/ledger.ts";
import { ImportReport, Shelf, ShelfEntry } from "../protocol/problem.ts";
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
    if (known.get(slug) === "published") continue;
    // Everybody may read the demo's solutions, once its contest is over.
    await call("PATCH", `/api/problems/${slug}`, ShelfEntry, { sharesYardstick: true });
    await publish(server, cookie, slug);
  }
  const { contests } = await call("GET", "/api/contests", ContestList);
  if (contests.some(({ slug }) => slug === demoContest.slug)) return { problems: imported, contest: null };
  const startAt = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const form: ContestForm = { ...demoContest, startAt };
  await call("POST", "/api/contests", v.unknown(), form);
  return { problems: imported, contest: form.name };
}

/** What each account of the demo may spend on the market's demo model: some million tokens. */
const DEMO_CREDITS = "0.1";

/** Gives the demo's accounts something to try the market with. */
export async function giveDemoCredits(server: Server, cookie: string): Promise<void> {
  const call = caller(server, cookie);
  const { accounts } = await call("GET", "/api/accounts", AccountList);
  for (const { id, username } of accounts) {
    if (!demoAccounts.includes(username)) continue;
    const grant = { key: randomUUID(), account: id, amount: DEMO_CREDITS, note: "for the demo" };
    await call("POST", "/api/grants", Granted, grant);
  }
}

/** A problem whose time limit a judge still has to measure stays a draft, and is published by a later start. */
async function publish(server: Server, cookie: string, slug: string): Promise<void> {
  const path = `/api/problems/${slug}/publish`;
  const answer = await server.fetch(path, { method: "POST", headers: { cookie } });
  const text = await answer.text();
  if (answer.status < 300) return;
  if (v.parse(ErrorBody, JSON.parse(text)).code !== "time_limit_unknown")
    throw refused("POST", path, answer.status, text);
}

type Call = <Schema extends v.GenericSchema>(
  method: "GET" | "POST" | "PATCH",
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
    if (answer.status >= 300) throw refused(method, path, answer.status, text);
    return v.parse(schema, JSON.parse(text));
  };
}

const refused = (method: string, path: string, status: number, text: string): Error =>
  new Error(`${method} ${path} answered ${status}: ${text}`);
