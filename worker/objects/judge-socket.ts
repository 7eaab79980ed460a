import * as v from "valibot";
import { JudgeMessage, type QueueMessage } from "../../protocol/judge.ts";

/** A judge's socket: what it remembers, what is read from it and what is written to it. */

export type Hello = Extract<JudgeMessage, { type: "hello" }>;

/** What a judge's socket remembers across hibernation. */
export interface JudgeOnSocket {
  id: string;
  name: string;
  /** Whether the judge asked for a site at localhost: only such a judge may judge without isolation. */
  local: boolean;
  /** Null until the judge has introduced itself. */
  hello: Omit<Hello, "type" | "protocol" | "holding"> | null;
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

export function parseMessage(data: string): JudgeMessage | null {
  try {
    const parsed = v.safeParse(JudgeMessage, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

export function send(socket: WebSocket, message: QueueMessage): void {
  socket.send(JSON.stringify(message));
}

/** Says why this judge may not work here, and closes. */
export function refuse(socket: WebSocket, message: string): void {
  send(socket, { type: "refused", message });
  socket.close(4000, "refused");
}
