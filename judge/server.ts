import * as v from "valibot";
import { type Evidence, EvidenceStored } from "../protocol/evidence.ts";
import { LeaseSource } from "../protocol/judge.ts";
import type { CheckReport } from "../protocol/judge-check.ts";
import { JudgingFailure } from "./failure.ts";
import { refusal } from "./refusal.ts";

/** What a judge fetches and brings over HTTP. */
export interface Server {
  /** The zip of a problem package. */
  fetchPackage(hash: string): Promise<Uint8Array>;
  /** What a submission or a custom run consists of whose lease this judge holds. */
  fetchSource(lease: string): Promise<LeaseSource>;
  /** Brings what a submission left behind. @returns the hash that it is kept under */
  sendEvidence(lease: string, evidence: Evidence): Promise<string>;
  /** Tells what the doctor found. */
  sendCheck(report: CheckReport): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;

/** How long one request may take. */
const REQUEST_MS = 60_000;

/** A server that is started anew is back within that time; a lease would be given to another judge soon after. */
const PATIENCE_MS = 60_000;

/**
 * Every request is made again, later each time, while the server is away or says that it cannot answer now.
 *
 * @param patienceMs - after so long a time of that, or at a refusal, a request fails with a JudgingFailure that says why
 */
export function connectServer(base: URL, token: string, patienceMs = PATIENCE_MS): Server {
  const ask = async (path: string, body: string | null = null): Promise<Uint8Array> => {
    const giveUpAt = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const { bytes, fault, final } = await askOnce(new URL(path, base), token, body);
      if (bytes !== null) return bytes;
      const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
      if (final || performance.now() + pause > giveUpAt)
        throw new JudgingFailure(`the server did not ${body === null ? "give" : "take"} ${path}: ${fault}`);
      await wait(pause);
    }
  };
  return {
    fetchPackage: (hash) => ask(`/link/judge/packages/${hash}`),
    fetchSource: async (lease) => parse(LeaseSource, await ask(pathOf(lease, "source")), "a source"),
    sendEvidence: async (lease, evidence) => {
      const answer = await ask(pathOf(lease, "evidence"), JSON.stringify(evidence satisfies Evidence));
      return parse(EvidenceStored, answer, "the hash of what it keeps").hash;
    },
    sendCheck: async (report) => {
      await ask("/link/judge/checks", JSON.stringify(report satisfies CheckReport));
    },
  };
}

interface Answer {
  /** Null when it was no success. */
  bytes: Uint8Array | null;
  fault: string;
  /** The server understood, and will say the same again. */
  final: boolean;
}

async function askOnce(url: URL, token: string, body: string | null): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== null && { method: "POST", body }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const { ok, status } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (ok) return { bytes, fault: "", final: true };
    const fault = refusal(status, new TextDecoder().decode(bytes));
    return { bytes: null, fault, final: status < 500 && status !== 429 };
  } catch (error) {
    return { bytes: null, fault: describe(error), final: false };
  }
}

/** `fetch failed` alone tells nothing; its cause does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}

function pathOf(lease: string, part: "source" | "evidence"): string {
  return `/link/judge/leases/${encodeURIComponent(lease)}/${part}`;
}

/** Reads JSON of a shape. */
function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Uint8Array,
  what: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(bytes));
  if (!parsed.success) throw new JudgingFailure(`the server gave something else than ${what}`);
  return parsed.output;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
