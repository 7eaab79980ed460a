import * as v from "valibot";
import {
  type Delta,
  JOB_ID,
  type MarketMessage,
  MAX_DELTA_TEXT,
  MAX_DELTA_TOKENS,
  MAX_FRAME_MESSAGES,
  MAX_PROVIDER_FRAME_BYTES,
  PROVIDER_PROTOCOL,
  ProviderFrame,
  type ProviderMessage,
} from "../../protocol/provider.ts";

/** A provider's socket: what it remembers, what is read from it and what is written to it. */

export const HEARTBEAT_MS = 15_000;

/** What a provider's socket remembers across hibernation. */
export interface ProviderOnSocket {
  id: string;
  /** Null until the provider has said hello. Its offers are in the database. */
  hello: { session: string; kind: "native" | "browser"; agent: string; slots: number } | null;
  draining: boolean;
  connectedAt: number;
}

export type Hello = Extract<ProviderMessage, { type: "hello" }>;

/** Versions of the provider link that this market speaks. */
const SPOKEN: readonly number[] = [PROVIDER_PROTOCOL];

/** The highest version that both sides speak; or why there is none, naming what each speaks. */
export function agreed(protocols: readonly number[]): { protocol: number } | { refusal: string } {
  const common = SPOKEN.filter((version) => protocols.includes(version));
  if (common.length > 0) return { protocol: Math.max(...common) };
  const theirs = protocols.length === 0 ? "none" : protocols.join(", ");
  return {
    refusal: `This market speaks version ${SPOKEN.join(", ")} of the provider link, the provider ${theirs}.`,
  };
}

export function providerOn(socket: WebSocket): ProviderOnSocket {
  const provider: ProviderOnSocket | null = socket.deserializeAttachment();
  if (!provider) throw new Error("a provider's socket has no attachment");
  return provider;
}

/** What a provider says in one frame; or why that is nothing, as the provider is to be told. */
export function parseFrame(data: string | ArrayBuffer): ProviderMessage[] | { refusal: string } {
  if (typeof data !== "string") return { refusal: "Frames of the provider link are texts." };
  if (data.length > MAX_PROVIDER_FRAME_BYTES) {
    return { refusal: `A frame of the provider link has at most ${MAX_PROVIDER_FRAME_BYTES} bytes.` };
  }
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return { refusal: "A frame of the provider link is JSON." };
  }
  if (Array.isArray(body) && body.length <= MAX_FRAME_MESSAGES && body.every(isPlainDelta)) return body;
  if (isPlainDelta(body)) return [body];
  const parsed = v.safeParse(ProviderFrame, body, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  return {
    refusal: `This is not a message of the provider link: ${path === null ? "" : `${path}: `}${issue.message}`,
  };
}

/**
 * Whether this is a delta of nothing but text, as nearly all messages are: what the schema would find, for a tenth of the
 * time. Anything else is left to the schema.
 */
function isPlainDelta(body: unknown): body is PlainDelta {
  if (typeof body !== "object" || body === null || !("type" in body) || body.type !== "delta") return false;
  if (!("job" in body && "seq" in body && "text" in body && "tokenCount" in body)) return false;
  return (
    Object.keys(body).length === 5 &&
    typeof body.job === "string" &&
    JOB_ID.test(body.job) &&
    isCount(body.seq) &&
    typeof body.text === "string" &&
    body.text.length <= MAX_DELTA_TEXT &&
    isCount(body.tokenCount) &&
    body.tokenCount <= MAX_DELTA_TOKENS
  );
}

type PlainDelta = Pick<Delta, "type" | "job" | "seq" | "text" | "tokenCount">;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Says something, or nothing to a socket that is closing: what must arrive is said again when the provider is back. */
export function send(socket: WebSocket, message: MarketMessage): void {
  try {
    socket.send(JSON.stringify(message));
  } catch {
    // Its close is told on its own.
  }
}

/** Says why this provider may not work here, and closes. */
export function dismiss(socket: WebSocket, message: string, retry: boolean): void {
  send(socket, { type: "unwelcome", message: message.slice(0, 500), retry });
  socket.close(4000, "unwelcome");
}
