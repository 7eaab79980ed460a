import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../provider/engine.ts";

/** A server that speaks OpenAI's API, by its address. */
export interface Upstream {
  /** Ends in /v1, or whatever stands before /chat/completions there; without a slash at its end. */
  base: string;
  /** Where the server's own paths begin. */
  root: string;
  /** Sent as a bearer token; null for none. */
  key: string | null;
}

/** How long is waited for what, in milliseconds. */
export interface UpstreamTimeouts {
  /** For what a server tells of itself. */
  factsMs: number;
  /** For an answer's first byte, which comes when the prompt was read. */
  firstMs: number;
  /** Between two bytes after that. */
  stallMs: number;
}

export const UPSTREAM_TIMEOUTS: UpstreamTimeouts = { factsMs: 15_000, firstMs: 300_000, stallMs: 120_000 };

/** A server that refuses does so at once; one that reads the prompt is not waited for. */
const REFUSAL_MS = 1_000;

/** Waits as long as a refusal may take; rejects with it. What comes later is an answer, or its failure. */
export async function unlessRefused(answer: Promise<unknown>): Promise<void> {
  // Whoever takes the answer gets its failure too.
  answer.catch(() => undefined);
  await Promise.race([answer, sleep(REFUSAL_MS, null, { ref: false })]);
}

/** Of what a server says of itself, or of its errors. */
const MAX_BYTES = 4 * 1024 * 1024;

/** @param url `http://localhost:8080`, with or without the `/v1` of the API */
export function upstreamAt(url: URL, key: string | null): Upstream {
  const path = url.pathname.replace(/\/+$/, "");
  const base = `${url.origin}${path === "" ? "/v1" : path}`;
  return { base, root: base.replace(/\/v1$/, ""), key };
}

export interface Call {
  signal: AbortSignal;
  /** Sent as JSON by POST; by GET where there is none. */
  body?: unknown;
}

/**
 * Asks an upstream for something.
 *
 * @returns its answer, of status 200
 * @throws EngineError with a sentence for every other answer, and for none
 */
export async function call({ key }: Upstream, address: string, { signal, body }: Call): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json, text/event-stream",
        // Packed, tokens would wait for one another.
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      // The key is for this server alone, and so are the consumers' messages; nobody else's machine is asked for anything.
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new EngineError("engine", `${address} can't be reached (${reasonOf(cause)})`, { cause });
  }
  if (response.status === 200) return response;
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    const to = response.headers.get("location") ?? "nowhere";
    throw new EngineError("engine", `${address} sends elsewhere, which is not followed: ${to}`);
  }
  throw refusalOf(address, response.status, (await textOf(response)).slice(0, 2_000));
}

/** What a server tells of itself at one of its addresses. */
export async function fetchJson(
  upstream: Upstream,
  address: string,
  timeoutMs: number,
  body?: unknown,
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const text = await textOf(
    await call(upstream, address, { signal, ...(body === undefined ? {} : { body }) }),
  );
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError("engine", `${address} answers with no JSON: ${text.slice(0, 100)}`, { cause });
  }
}

/** What went wrong on the way, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return reasonOf(cause);
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}

function refusalOf(address: string, status: number, text: string): EngineError {
  const said = messageOf(text);
  const sentence = `${address} answers ${status}${said === "" ? "" : `: ${said}`}`;
  switch (status) {
    case 400:
    case 413:
    case 422:
      return new EngineError(/context|too long|exceed/i.test(said) ? "too_long" : "unsupported", sentence);
    case 401:
    case 403:
      return new EngineError("engine", `${sentence} (its key is read from AGENT_UPSTREAM_KEY)`);
    case 429:
    case 503:
      return new EngineError("busy", sentence);
    default:
      // So says llama-server, with 500, of a text that is to become a vector.
      return new EngineError(/too large to process/i.test(said) ? "too_long" : "engine", sentence);
  }
}

/** The sentence in an error's body: `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}`, or the text itself. */
export function messageOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const { error, message } = { error: undefined, message: undefined, ...asObject(body) };
    if (typeof error === "string") return error;
    const inner = asObject(error)["message"] ?? message;
    if (typeof inner === "string") return inner;
  } catch {
    // Not JSON: perhaps a proxy's page.
  }
  return text.slice(0, 300).trim();
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The body as text, as far as it is of a sensible length. */
export async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_BYTES) break;
    }
  } catch {
    // What came until then tells enough.
  }
  return text;
}
