import { strToU8, zipSync } from "fflate";
import { env, exports } from "cloudflare:workers";
import type { Account, SessionView } from "../protocol/account.ts";
import type { ContestForm } from "../protocol/contest.ts";
import {
  JUDGE_PROTOCOL,
  type JudgeMessage,
  type Lease,
  type Outcome,
  type QueueMessage,
} from "../protocol/judge.ts";
import type { ApiKeySecret, ProviderToken } from "../protocol/market.ts";
import type { Offer } from "../protocol/offer.ts";
import type { ImportReport } from "../protocol/problem.ts";
import { PROVIDER_PROTOCOL, type MarketMessage, type ProviderMessage } from "../protocol/provider.ts";
import type { Source } from "../protocol/source.ts";
import type { SandboxLevel } from "../protocol/submission.ts";
import { randomToken, sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { isSubmission, type SubmissionLease } from "./objects/leases.ts";
import { leaseNext } from "./objects/waiting.ts";

/** The bindings, as the Worker sees them. */
export const bindings: Env = env;

const ORIGIN = "http://tabarena.test";

/** A browser that is signed in or not: it keeps its cookie. */
export class Visitor {
  readonly #origin: string;
  #cookie = "";

  /** `origin`: the site's address, as this visitor typed it. */
  constructor(origin = ORIGIN) {
    this.#origin = origin;
  }

  /** Sends `body` as JSON, or as it is when it is a string or bytes. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const response = await exports.default.fetch(
      new Request(this.#origin + path, {
        method,
        headers: { origin: this.#origin, ...(this.#cookie && { cookie: this.#cookie }), ...headers },
        ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
      }),
    );
    const cookie = response.headers.get("set-cookie");
    if (cookie) this.#cookie = cookie.split(";")[0] ?? "";
    return response;
  }

  /** Like `call`, for what must succeed; answers with the body, which the test names the type of. */
  async get<Body>(path: string): Promise<Body> {
    return this.#ok(await this.call("GET", path));
  }

  async post<Body>(path: string, body?: unknown): Promise<Body> {
    return this.#ok(await this.call("POST", path, body));
  }

  /** Opens a WebSocket as a page of the site would. */
  async socket(path: string, headers: Record<string, string> = {}): Promise<Socket> {
    const response = await this.call("GET", path, undefined, { upgrade: "websocket", ...headers });
    if (!response.webSocket)
      throw new Error(`no socket at ${path}: ${response.status} ${await response.text()}`);
    return new Socket(response.webSocket);
  }

  async #ok<Body>(response: Response): Promise<Body> {
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json<Body>();
  }
}

/** A socket's messages, one at a time. */
export class Socket {
  readonly #socket: WebSocket;
  readonly #arrived: unknown[] = [];
  #wake: (() => void) | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.addEventListener("message", ({ data }) => {
      this.#arrived.push(JSON.parse(String(data)));
      this.#wake?.();
    });
    socket.accept();
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message that `is` accepts; others before it are dropped. */
  async next<Message>(is: (message: unknown) => message is Message): Promise<Message> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if (is(message)) return message;
    }
  }

  close(): void {
    this.#socket.close(1000, "done");
  }
}

let visitors = 0;

/** Somebody who has just signed up, with a role given in the database as `--reset-admin` would. */
export async function signedUp(role: Account["role"] = "member"): Promise<Visitor & { username: string }> {
  const visitor = Object.assign(new Visitor(), { username: `visitor-${++visitors}` });
  await visitor.post("/api/accounts", { username: visitor.username, password: "correct horse" });
  await bindings.DB.prepare("UPDATE users SET role = ? WHERE username = ?")
    .bind(role, visitor.username)
    .run();
  return visitor;
}

/** A judge's identity with its token, as the operator makes one. */
export async function newJudge(name: string): Promise<{ id: string; token: string }> {
  const token = randomToken();
  await bindings.DB.prepare("INSERT INTO judges (id, name, token_hash, created_at) VALUES (?1, ?1, ?2, 0)")
    .bind(name, await sha256(token))
    .run();
  return { id: name, token };
}

/** A verdict as a judge sends it. */
export const accepted: Extract<Outcome, { type: "verdict" }> = {
  type: "verdict",
  verdict: "AC",
  score: null,
  groups: [],
  compileOutput: "",
  toolchain: "Python 3.11.2",
  level: "full",
  evidence: null,
  runs: [
    {
      name: "sample/1",
      verdict: "AC",
      score: null,
      cpuMs: 12,
      wallMs: 14,
      memoryKiB: 9000,
      outputBytes: 2,
      message: "",
      teamMessage: "",
      measurements: [],
    },
    {
      name: "secret/1",
      verdict: "AC",
      score: null,
      cpuMs: 17,
      wallMs: 20,
      memoryKiB: 9100,
      outputBytes: 3,
      message: "",
      teamMessage: "",
      measurements: [],
    },
  ],
};

type Hello = Extract<JudgeMessage, { type: "hello" }>;

/** The introduction of a judge with one slot, level `full` and Python; `more` says what is different. */
export const helloOf = (name: string, more: Partial<Hello> = {}): Hello => ({
  type: "hello",
  protocols: [JUDGE_PROTOCOL],
  name,
  slots: 1,
  level: "full",
  reason: "test",
  languages: [{ id: "python3", version: "Python 3.11.2" }],
  holding: [],
  ...more,
});

/** Tells the queue's messages apart. */
export const says =
  <Type extends QueueMessage["type"]>(type: Type) =>
  (message: unknown): message is Extract<QueueMessage, { type: Type }> =>
    (message as QueueMessage).type === type;

/** The next lease of a submission on a judge's socket; other messages before it are dropped. */
export async function submissionLease(socket: Socket): Promise<Extract<Lease, { work: "submission" }>> {
  const { lease } = await socket.next(says("lease"));
  if (lease.work !== "submission") throw new Error(`a lease of the kind ${lease.work}`);
  return lease;
}

/** Leases the first waiting submission as a judge of this level would that knows these languages. */
export async function leasedSubmission(
  judge: string,
  languages: readonly string[] = ["python3"],
  level: SandboxLevel = "full",
): Promise<SubmissionLease> {
  const held = await leaseNext(bindings, { id: judge, languages, level, timeLimits: false });
  if (!held || !isSubmission(held)) throw new Error("no submission was leased");
  return held;
}

/** One file of a submission, as its parts of a form. */
export const oneFile = (text: string): Source => ({ files: [{ name: "main", text }], entryPoint: null });

/** Opens a judge's socket; nothing has been said on it yet. */
export const judgeSocket = (token: string, origin?: string): Promise<Socket> =>
  new Visitor(origin).socket("/link/judge", { authorization: `Bearer ${token}` });

/** A small problem package: two numbers in, their sum out. */
export function sumPackage(slug: string, changes: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  const files: Record<string, string> = {
    "problem.yaml": [
      "problem_format_version: 2025-09",
      `name: {en: Sum ${slug}, pt: Soma ${slug}}`,
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "credits: A. Teacher",
      "limits: {time_limit: 1, memory: 256, code: 64}",
    ].join("\n"),
    "statement/problem.en.md": "Add $a$ and $b$.\n\n## Input\n\nTwo integers.\n\n## Output\n\nTheir sum.\n",
    "statement/problem.pt.md": "Some $a$ e $b$.\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/1.in": "20 22\n",
    "data/secret/1.ans": "42\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
    ...changes,
  };
  const entries = Object.entries(files).map(([path, text]) => [`${slug}/${path}`, strToU8(text)]);
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}

/** Uploads and publishes a problem with this slug. */
export async function publishProblem(organiser: Visitor, slug: string): Promise<ImportReport> {
  const report = await organiser.post<ImportReport>(`/api/problems?name=${slug}.zip`, sumPackage(slug));
  await organiser.post(`/api/problems/${slug}/publish`);
  return report;
}

/** A contest that has been running for an hour, with these problems; `more` says what is different. */
export async function runningContest(
  organiser: Visitor,
  slug: string,
  problems: string[],
  more: Partial<ContestForm> = {},
): Promise<void> {
  await organiser.post("/api/contests", {
    slug,
    name: `Contest ${slug}`,
    startAt: Date.now() - 3_600_000,
    durationMinutes: 300,
    freezeMinutes: 60,
    windowMinutes: null,
    format: { type: "icpc", penaltyMinutes: 20 },
    languages: null,
    problems,
    limits: {},
    ...more,
  } satisfies ContestForm);
}

/** Moves a contest's start in the database, as if so much time had passed before it: its log and its board stay behind. */
export async function movedStart(slug: string, byMs: number): Promise<void> {
  await bindings.DB.prepare(
    `UPDATE contests SET timed = json_set(timed, '$.times.startAt', (timed ->> '$.times.startAt') + ?), version = version + 1
     WHERE slug = ?`,
  )
    .bind(byMs, slug)
    .run();
}

/** The id of the account that is signed in. */
export async function accountOf(visitor: Visitor): Promise<string> {
  const { account } = await visitor.get<SessionView>("/api/session");
  if (!account) throw new Error("nobody is signed in");
  return account.id;
}

/** An API key of the visitor's account, with its secret; `origins` of those pages that may use it. */
export const newApiKey = (
  visitor: Visitor,
  name = "test",
  origins: readonly string[] = [],
): Promise<ApiKeySecret> => visitor.post<ApiKeySecret>("/api/keys", { name, origins });

/** A provider of the visitor's account, with its token. */
export const newProvider = (visitor: Visitor, id: string): Promise<ProviderToken> =>
  visitor.post<ProviderToken>("/api/providers", { id });

/** Opens a provider's socket; nothing has been said on it yet. */
export const providerSocket = (token: string): Promise<Socket> =>
  new Visitor().socket("/link/provider", { authorization: `Bearer ${token}` });

/** An offer of `tiny` at 1, 0.5 and 2 credits per million tokens; `more` says what is different. */
export const offerOf = (more: Partial<Offer> = {}): Offer => ({
  offer: "tiny",
  model: "tiny",
  tasks: ["chat"],
  contextTokens: 2_048,
  maxOutputTokens: 1_024,
  prices: { prompt: 1_000_000_000, cachedPrompt: 500_000_000, completion: 2_000_000_000 },
  artifact: { sha256: null, quantisation: "Q8_0", bytes: null },
  engine: { name: "test engine", build: "1" },
  features: [],
  tokensPerSecond: 100,
  ...more,
});

type ProviderHello = Extract<ProviderMessage, { type: "hello" }>;

/** The introduction of a provider with one slot and one offer; `more` says what is different. */
export const providerHello = (more: Partial<ProviderHello> = {}): ProviderHello => ({
  type: "hello",
  protocols: [PROVIDER_PROTOCOL],
  agent: "test 1.0",
  kind: "native",
  slots: 1,
  offers: [offerOf()],
  holding: [],
  ...more,
});

/** Tells the Market's messages apart. */
export const marketSays =
  <Type extends MarketMessage["type"]>(type: Type) =>
  (message: unknown): message is Extract<MarketMessage, { type: Type }> =>
    (message as MarketMessage).type === type;
