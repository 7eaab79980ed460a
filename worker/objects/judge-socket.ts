import * as v from "valibot";
import { JUDGE_PROTOCOL, JudgeMessage, type QueueMessage } from "../../protocol/judge.ts";

/** A judge's socket: what it remembers, what is read from it and what is written to it. */

/** How often a judge is asked to be heard of, and how long a lease lasts that is not. */
export const HEARTBEAT_MS = 5_000;
export const LEASE_MS = 30_000;

export type Hello = Extract<JudgeMessage, { type: "hello" }>;

/** What a judge said of itself. */
export type Introduction = Pick<Hello, "name" | "slots" | "level" | "reason" | "languages">;

/** What a judge's socket remembers across hibernation. */
export interface JudgeOnSocket {
  id: string;
  name: string;
  /** Whether the judge asked for a site at localhost: only such a judge may judge without isolation. */
  local: boolean;
  /** Null until the judge has introduced itself. */
  hello: Introduction | null;
  /** Whether it has said that it takes no more leases. */
  leaving: boolean;
  heardAt: number;
  /** As its last heartbeat said; null before the first. */
  load: number | null;
}

/** Versions of the judge link that this server speaks. */
const SPOKEN: readonly number[] = [JUDGE_PROTOCOL];

/** The highest version that both sides speak; or why there is none, naming what each speaks. */
export function agreed(protocols: readonly number[]): { protocol: number } | { refusal: string } {
  const common = SPOKEN.filter((version) => protocols.includes(version));
  if (common.length > 0) return { protocol: Math.max(...common) };
  const theirs = protocols.length === 0 ? "none" : protocols.join(", ");
  return {
    refusal: `This server speaks version ${SPOKEN.join(", ")} of the judge link, the judge ${theirs}.`,
  };
}

/**
 * Whether a host name can only mean the machine that uses it (RFC 6761, section 6.3, and the loopback addresses).
 * @param hostname as `URL` gives it: in lower case, IPv4 written out, IPv6 in brackets
 */
export function isLocalhost(hostname: string): boolean {
  return (
    hostname === "[::1]" || /^(.+\.)?localhost\.?$/.test(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

export function judgeOn(socket: WebSocket): JudgeOnSocket {
  const judge: JudgeOnSocket | null = socket.deserializeAttachment();
  if (!judge) throw new Error("a judge's socket has no attachment");
  return judge;
}

/** Up to version 2 a judge said hello with the one version that it spoke. */
const OldHello = v.object({ type: v.literal("hello"), protocol: v.number() });

/** A judge's message; or why it is none, as the judge is to be told. */
export function parseMessage(data: string | ArrayBuffer): JudgeMessage | { refusal: string } {
  const none = { refusal: "This is not a message of the judge link." };
  if (typeof data !== "string") return none;
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return none;
  }
  const parsed = v.safeParse(JudgeMessage, body);
  if (parsed.success) return parsed.output;
  const old = v.safeParse(OldHello, body);
  const versions = old.success ? agreed([old.output.protocol]) : none;
  return "refusal" in versions ? versions : none;
}

export function send(socket: WebSocket, message: QueueMessage): void {
  socket.send(JSON.stringify(message));
}

/** Says why this judge may not work here, and closes. */
export function refuse(socket: WebSocket, message: string): void {
  send(socket, { type: "refused", message });
  socket.close(4000, "refused");
}
