import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { WebSocketServer, type WebSocket } from "ws";
import type { AccountList, SessionView } from "../../protocol/account.ts";
import { boxPolicy, sitePolicy } from "../../protocol/documents.ts";
import type { ContestList, LiveContestMessage } from "../../protocol/contest.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import type { JudgeList, JudgeToken } from "../../protocol/judge-list.ts";
import type { ProblemList, Shelf } from "../../protocol/problem.ts";
import type { JudgingStatus, LiveAccountMessage, SubmissionList } from "../../protocol/submission.ts";
import type { View } from "../../rules/contest-board.ts";
import type { TeamsView } from "../../protocol/team.ts";
import type { CustomRunView } from "../../protocol/custom-run.ts";
import type { RejudgingList, RejudgingPreview } from "../../protocol/jury.ts";
import { account, accounts } from "./fixtures/accounts.ts";
import { clarificationRoutes, teamTalk, type Talk } from "./clarifications.ts";
import { boardOf } from "./fixtures/boards.ts";
import { contests, contestView } from "./fixtures/contests.ts";
import { judgeList, judging } from "./fixtures/judges.ts";
import { answersProblem, interactiveProblem, problem, problems, shelf } from "./fixtures/problems.ts";
import { queued, submissionDetail, submissions } from "./fixtures/submissions.ts";
import * as jury from "./fixtures/jury.ts";
import { marketRoutes, usual, type MarketState } from "./market.ts";
import { followShow, resolverRoutes, usualShow, type Stage } from "./resolver.ts";
import { managed, teamRoutes } from "./teams.ts";
import { virtualRoutes, type VirtualState } from "./virtual.ts";
import { figureRoutes } from "./figures.ts";
import { organiseRoutes } from "./organise.ts";

/** The built client behind a server that says what the fixtures say, under the same content security policy as the real one. */
export interface Site {
  url: string;
  /** Who is signed in. */
  signedIn: boolean;
  /** Whether any judge can judge. */
  judges: boolean;
  /** Whether runs on the judge are refused for coming too often. */
  runsRefused: boolean;
  market: MarketState;
  /** What is said in contests. */
  talk: Talk;
  virtual: VirtualState;
  /** What the reader sees of the teams of any contest. */
  teams: TeamsView;
  /** The show of results. */
  show: Stage;
  /** What pages asked the API to change: `METHOD path` and the body, in order. */
  changes: { call: string; body: string }[];
  /** What pages said on contests' sockets. */
  heard: string[];
  /** Says something on the account's own sockets. */
  tellAccount(message: LiveAccountMessage): void;
  /** Says something on every open socket of a contest. */
  tellContest(slug: string, message: LiveContestMessage): void;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

function sendPage(folder: string, response: ServerResponse): void {
  const nonce = crypto.randomUUID();
  const html = readFileSync(join(folder, "index.html"), "utf8");
  response.setHeader("content-security-policy", sitePolicy(nonce));
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(html.replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`));
}

/** The box in which people's programs run: an origin of its own, and one script, by its hash. */
function sendBox(folder: string, response: ServerResponse): void {
  const html = readFileSync(join(folder, "box.html"), "utf8");
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  response.setHeader("content-security-policy", boxPolicy(hash));
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(html);
}

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const file = join(folder, path);
  if (path.includes("..") || !existsSync(file)) {
    response.statusCode = 404;
    response.end("not here\n");
    return;
  }
  response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
  response.end(readFileSync(file));
}

type Answer = { status: number; body: unknown };
const ok = (body: unknown): Answer => ({ status: 200, body });
const refuse = (status: number, body: ErrorBody): Answer => ({ status, body });
const notFound = refuse(404, { code: "not_found", message: "Nothing here." });
const orNotFound = (body: unknown): Answer => (body === null || body === undefined ? notFound : ok(body));

/** The API's answers: the first pattern that fits `METHOD path` gives it. */
function answer(site: Site, call: string, query: URLSearchParams): Answer {
  const roundOf = (asked: URLSearchParams): number | null =>
    asked.has("round") ? Number(asked.get("round")) : null;
  const routes: readonly (readonly [RegExp, (id: string, rest: string) => Answer])[] = [
    [/^(?:GET|POST) \/api\/session$/, () => ok(session(site))],
    [/^GET \/api\/accounts$/, () => ok({ accounts } satisfies AccountList)],
    [/^POST \/api\/accounts$/, () => refuse(400, wrongName)],
    [/^GET \/api\/problems$/, () => ok({ problems } satisfies ProblemList)],
    [/^POST \/api\/problems$/, () => refuse(422, brokenPackage)],
    [/^GET \/api\/problems\/([\w-]+)$/, (slug) => orNotFound(problemOf(slug))],
    [/^GET \/api\/organise\/problems$/, () => ok({ problems: shelf } satisfies Shelf)],
    [/^GET \/api\/contests$/, () => ok({ contests, now: Date.now() } satisfies ContestList)],
    [/^GET \/api\/contests\/([\w-]+)$/, (slug) => orNotFound(contestView(slug))],
    [/^GET \/api\/contests\/([\w-]+)\/scoreboard$/, (slug) => orNotFound(boardOf(slug, viewOf(query)))],
    [/^GET \/api\/contests\/([\w-]+)\/problems\/(\w)$/, (slug, label) => ok(contestProblem(slug, label))],
    [/^GET \/api\/submissions$/, () => ok(ownSubmissions(query))],
    [/^POST \/api\/submissions$/, () => ({ status: 201, body: queued })],
    [/^GET \/api\/submissions\/([\w-]+)$/, (id) => orNotFound(submissionDetail(id))],
    [/^GET \/api\/submissions\/([\w-]+)\/jury$/, (id) => orNotFound(jury.juryDetail(id, roundOf(query)))],
    [/^GET \/api\/submissions\/[\w-]+\/jury\/tests\/\d+$/, () => ok(jury.juryTest)],
    [/^POST \/api\/submissions\/[\w-]+\/verdict$/, () => ok({})],
    [/^GET \/api\/contests\/[\w-]+\/submissions$/, () => ok(jury.juryList(query))],
    [
      /^GET \/api\/contests\/[\w-]+\/rejudgings$/,
      () => ok({ rejudgings: jury.rejudgings } satisfies RejudgingList),
    ],
    [
      /^POST \/api\/contests\/[\w-]+\/rejudgings$/,
      () =>
        query.has("preview") ? ok({ count: 12 } satisfies RejudgingPreview) : ok(jury.rejudgingView("r-3")),
    ],
    [/^GET \/api\/rejudgings\/([\w-]+)$/, (id) => orNotFound(jury.rejudgingView(id))],
    [
      /^POST \/api\/rejudgings\/([\w-]+)\/apply$/,
      (id) => orNotFound({ ...jury.rejudgingView(id), state: "applied" }),
    ],
    [
      /^POST \/api\/rejudgings\/([\w-]+)\/cancel$/,
      () => refuse(409, { code: "not_finished", message: "It was decided already." }),
    ],
    [/^GET \/api\/contests\/[\w-]+\/audit$/, () => ok(jury.audit)],
    [
      /^POST \/api\/runs$/,
      () =>
        site.runsRefused
          ? refuse(429, { code: "rate_limited", message: "Too many." })
          : ok({
              id: "run-1",
              language: "java",
              state: "queued",
              result: null,
              failure: "",
            } satisfies CustomRunView),
    ],
    [/^GET \/api\/runs\/run-1$/, () => notFound],
    [
      /^POST \/api\/judges$/,
      () => ok({ id: "lab-9", name: "lab-9", token: "tok-9-secret" } satisfies JudgeToken),
    ],
    [/^(?:PATCH|DELETE) \/api\/judges\/[\w-]+$/, () => ok({})],
    [/^PUT \/api\/judging$/, () => ok({})],
    [/^GET \/api\/judges$/, () => ok(judgesOf(site))],
    ...figureRoutes(query, site.changes.at(-1)?.body ?? ""),
    ...marketRoutes(site.market, query),
    ...virtualRoutes(site.virtual),
    ...teamRoutes(site.teams, site.changes.at(-1)?.body ?? ""),
    ...resolverRoutes(site.show, site.changes.at(-1)?.body ?? ""),
    ...clarificationRoutes(site.talk, site.changes.at(-1)?.body ?? ""),
    ...organiseRoutes(query, site.changes.at(-1)?.body ?? ""),
    [/^GET \/api\/judging$/, () => ok(site.judges ? judging : noJudging)],
  ];
  for (const [pattern, give] of routes) {
    const match = pattern.exec(call);
    if (match) return give(match[1] ?? "", match[2] ?? "");
  }
  return notFound;
}

const viewOf = (query: URLSearchParams): View => (query.get("view") === "jury" ? "jury" : "public");

const wrongName: ErrorBody = {
  code: "invalid_request",
  message: "The request has fields that are missing or wrong.",
  details: ["username: at least 3 characters"],
};
const brokenPackage: ErrorBody = {
  code: "invalid_package",
  message: "The package has errors.",
  details: ["data/secret/01.ans: missing", "problem.yaml: unknown key `colour`"],
};

const session = (site: Site): SessionView => ({
  account: site.signedIn ? account : null,
  now: Date.now(),
});

const noJudging: JudgingStatus = { judges: [], waiting: 3, closed: null };

const judgesOf = (site: Site): JudgeList =>
  site.judges ? judgeList : { judges: [], waiting: 0, failed: 0, closed: null };

const problemOf = (slug: string) =>
  [problem, interactiveProblem, answersProblem].find((one) => one.slug === slug) ?? null;

const contestProblem = (slug: string, label: string) => ({
  ...problem,
  contest: { slug, label, name: contestView(slug)?.name ?? "" },
});

function ownSubmissions(query: URLSearchParams): SubmissionList {
  const asked = query.get("problem");
  return { submissions: submissions.filter((one) => asked === null || one.problem === asked) };
}

/** @param folder the built client, e.g. dist/client */
export async function openSite(folder: string): Promise<Site> {
  const accountSockets = new Set<WebSocket>();
  const contestSockets = new Map<string, Set<WebSocket>>();
  const server = createServer((request, response) => void handle(request, response));
  const sockets = new WebSocketServer({ noServer: true });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
    if (pathname.startsWith("/api/")) {
      const body = await text(request);
      if (request.method !== "GET") site.changes.push({ call: `${request.method} ${request.url}`, body });
      const given = answer(site, `${request.method} ${pathname}`, searchParams);
      response.writeHead(given.status, { "content-type": "application/json" });
      response.end(JSON.stringify(given.body));
    } else if (extname(pathname) === "" || pathname.startsWith("/market/")) sendPage(folder, response);
    else if (pathname === "/box.html") sendBox(folder, response);
    else sendFile(folder, pathname, response);
  };

  server.on("upgrade", (request, stream, head) => {
    const path = request.url ?? "";
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on("message", (data) => {
        if (String(data) === "ping") socket.send("pong");
        else site.heard.push(String(data));
      });
      const { pathname, searchParams } = new URL(path, "http://here");
      const slug = /^\/live\/contests\/([\w-]+)$/.exec(pathname)?.[1];
      if (pathname.endsWith("/resolver")) followShow(site.show, socket);
      else if (slug === undefined) accountSockets.add(socket);
      else followContest(slug, viewOf(searchParams), socket);
    });
  });

  const followContest = (slug: string, view: View, socket: WebSocket): void => {
    const board = boardOf(slug, view);
    if (!board) return socket.close();
    contestSockets.set(slug, (contestSockets.get(slug) ?? new Set()).add(socket));
    socket.send(
      JSON.stringify({ type: "board", epoch: "first", board, now: Date.now() } satisfies LiveContestMessage),
    );
  };

  const site: Site = {
    url: "",
    signedIn: true,
    judges: true,
    runsRefused: false,
    market: usual,
    talk: teamTalk(),
    virtual: { run: null, submissions: [] },
    teams: managed,
    show: { plan: usualShow(), sockets: new Set() },
    changes: [],
    heard: [],
    tellAccount: (message) => accountSockets.forEach((socket) => socket.send(JSON.stringify(message))),
    tellContest: (slug, message) =>
      contestSockets.get(slug)?.forEach((socket) => socket.send(JSON.stringify(message))),
    close: () => closeAll(server, sockets),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${portOf(server.address())}`;
  return site;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
