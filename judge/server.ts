import * as v from "valibot";
import { LeaseSource } from "../protocol/judge.ts";
import type { CheckReport } from "../protocol/judge-check.ts";
import { JudgingFailure } from "./failure.ts";

/** What a judge fetches over HTTP. */
export interface Server {
  /** The zip of a problem package. */
  fetchPackage(hash: string): Promise<Uint8Array>;
  /** The source of a submission whose lease this judge holds. */
  fetchSource(lease: string): Promise<string>;
  /** Tells what the doctor found. */
  sendCheck(report: CheckReport): Promise<void>;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
const PATIENCE_MS = 60_000;

export function connectServer(base: URL, token: string): Server {
  const ask = async (path: string, body: CheckReport | null = null): Promise<Response> => {
    let fault = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await wait(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      try {
        const response = await fetch(new URL(path, base), {
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...(body !== null && { method: "POST", body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        if (response.ok) return response;
        fault = `${response.status} ${(await response.text()).slice(0, 300)}`;
        // The server understood and will say the same again.
        if (response.status < 500 && response.status !== 429) break;
      } catch (error) {
        fault =
          error instanceof Error
            ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`
            : "";
      }
    }
    throw new JudgingFailure(
      `the server did not ${body === null ? "give" : "take"} ${path}: ${fault.trim()}`,
    );
  };
  return {
    fetchPackage: async (hash) =>
      new Uint8Array(await (await ask(`/link/judge/packages/${hash}`)).arrayBuffer()),
    fetchSource: async (lease) => {
      const path = `/link/judge/leases/${encodeURIComponent(lease)}/source`;
      const parsed = v.safeParse(LeaseSource, await (await ask(path)).json());
      if (!parsed.success) throw new JudgingFailure("the server gave something else than a source");
      return parsed.output.source;
    },
    sendCheck: async (report) => {
      await ask("/link/judge/checks", report satisfies CheckReport);
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
