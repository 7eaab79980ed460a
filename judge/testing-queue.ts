import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { zipSync } from "fflate";
import * as v from "valibot";
import { type WebSocket, WebSocketServer } from "ws";
import { Evidence } from "../protocol/evidence.ts";
import { JUDGE_PROTOCOL, JudgeMessage, type LeaseSource, type QueueMessage } from "../protocol/judge.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Files } from "../rules/package/package.ts";
import { until } from "./testing.ts";

/** The far end of a judge's wires, which says what a test tells it to. */
export interface ScriptedQueue {
  url: URL;
  /** Everything that judges have said, parsed by the protocol's schema. */
  heard: JudgeMessage[];
  /** Paths asked for over HTTP, with the token. */
  asked: string[];
  /** By lease. */
  sources: Map<string, LeaseSource>;
  /** By hash, which need not be theirs. */
  packages: Map<string, Uint8Array>;
  /** What was brought, by lease, and how much had been heard when it was. */
  evidence: Map<string, { evidence: Evidence; heardBefore: JudgeMessage[] }>;
  /** How the next requests for sockets, sources, packages and evidence are refused; the last one stays. */
  refusals: { path: RegExp; status: number; body: string; times: number }[];
  say(message: QueueMessage | string): void;
  /** Waits for a message, the `skip`th of its type from 0 on. */
  hear<T extends JudgeMessage["type"]>(type: T, skip?: number): Promise<JudgeMessage & { type: T }>;
  /** Waits for the result of a lease. */
  resultOf(lease: string): Promise<(JudgeMessage & { type: "result" })["outcome"]>;
  /** How many sockets are open. */
  connections(): number;
  drop(): void;
  close(): Promise<void>;
}

/** A judge gives a connection up when four heartbeats were not answered, which on a busy machine must be some time. */
export const welcome = {
  type: "welcome",
  protocol: JUDGE_PROTOCOL,
  heartbeatMs: 500,
  leaseMs: 1000,
} as const satisfies QueueMessage;

/** A source of one file. */
export function sourceOf(text: string, input: string | null = null): LeaseSource {
  return { files: [{ name: "program", text }], entryPoint: null, input };
}

/** A package as it travels. */
export function packed(files: Files): { zip: Uint8Array; hash: string } {
  const zip = zipSync(Object.fromEntries(files));
  return { zip, hash: hashOf(zip) };
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

interface SubmissionChange {
  language?: LanguageId;
  timeMs?: number;
  memoryMiB?: number;
  extent?: "deciding" | "all";
}

/** A lease on a submission in Python. */
export function submissionLease(
  lease: string,
  packageHash: string,
  change: SubmissionChange = {},
): QueueMessage & { type: "lease" } {
  return {
    type: "lease",
    lease: {
      work: "submission",
      lease,
      submission: `submission-${lease}`,
      round: 1,
      attempt: 1,
      language: "python3",
      package: packageHash,
      timeMs: null,
      memoryMiB: null,
      extent: "deciding",
      ...change,
    },
  };
}

export async function openQueue(): Promise<ScriptedQueue> {
  const heard: JudgeMessage[] = [];
  const asked: string[] = [];
  const sources: ScriptedQueue["sources"] = new Map();
  const packages: ScriptedQueue["packages"] = new Map();
  const evidence: ScriptedQueue["evidence"] = new Map();
  const refusals: ScriptedQueue["refusals"] = [];
  let socket: WebSocket | null = null;

  const refused = (path: string): { status: number; body: string } | null => {
    const refusal = refusals.find((one) => one.path.test(path) && one.times > 0);
    if (refusal === undefined) return null;
    refusal.times--;
    return refusal;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = "", headers } = request;
    asked.push(`${headers.authorization} ${url}`);
    const body = await textOf(request);
    const refusal = refused(url);
    if (refusal !== null) return void response.writeHead(refusal.status).end(refusal.body);
    const [, kind, id = "", part] = /^\/link\/judge\/(packages|leases)\/([^/]+)\/?(\w*)$/.exec(url) ?? [];
    if (part === "evidence") {
      evidence.set(id, { evidence: v.parse(Evidence, JSON.parse(body)), heardBefore: [...heard] });
      return void response.end(JSON.stringify({ hash: hashOf(body) }));
    }
    const found = kind === "packages" ? packages.get(id) : sources.get(id);
    if (found === undefined) return void response.writeHead(404).end("there is nothing here");
    response.end(found instanceof Uint8Array ? found : JSON.stringify(found));
  };
  const http = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, raw, head) => {
    asked.push(`${request.headers.authorization} socket`);
    const refusal = refused("socket");
    if (refusal !== null)
      return raw.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\n\r\n${refusal.body}`);
    sockets.handleUpgrade(request, raw, head, (opened) => {
      socket = opened;
      opened.on("message", (data) => heard.push(v.parse(JudgeMessage, JSON.parse(String(data)))));
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  const hear: ScriptedQueue["hear"] = async (type, skip = 0) => {
    const isWanted = (message: JudgeMessage): message is JudgeMessage & { type: typeof type } =>
      message.type === type;
    await until(async () => heard.filter(isWanted).length > skip);
    const found = heard.filter(isWanted)[skip];
    if (found === undefined) throw new Error(`no ${type}`);
    return found;
  };
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    heard,
    asked,
    sources,
    packages,
    evidence,
    refusals,
    say: (message) => socket?.send(typeof message === "string" ? message : JSON.stringify(message)),
    hear,
    resultOf: async (lease) => {
      for (let skip = 0; ; skip++) {
        const result = await hear("result", skip);
        if (result.lease === lease) return result.outcome;
      }
    },
    connections: () => sockets.clients.size,
    drop: () => socket?.terminate(),
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
