import { Router } from "itty-router";
import * as accounts from "./accounts.ts";
import * as apiKeys from "./api-keys.ts";
import * as auditLog from "./audit-log.ts";
import * as awards from "./awards.ts";
import * as books from "./books.ts";
import * as chat from "./chat.ts";
import * as clarificationQueue from "./clarification-queue.ts";
import * as clarificationSaid from "./clarification-said.ts";
import * as clarifications from "./clarifications.ts";
import * as completions from "./completions.ts";
import { isPreflight, preflight, readableByPage } from "./cors.ts";
import * as contestForm from "./contest-form.ts";
import * as contestTimes from "./contest-times.ts";
import * as contests from "./contests.ts";
import * as credits from "./credits.ts";
import * as customRuns from "./custom-runs.ts";
import { document } from "./documents.ts";
import * as embeddings from "./embeddings.ts";
import type { Env } from "./env.ts";
import * as evidence from "./evidence.ts";
import {
  administrator,
  anyone,
  consumer,
  judge,
  maybeSignedIn,
  organiser,
  provider,
  refuseForeignOrigin,
  signedIn,
  type Guard,
} from "./guards.ts";
import * as groups from "./groups.ts";
import * as health from "./health.ts";
import { ApiError, errorResponse, type Call } from "./http.ts";
import { newJobId } from "./job-order.ts";
import * as joinLinks from "./join-links.ts";
import * as joining from "./joining.ts";
import * as judges from "./judges.ts";
import * as judging from "./judging.ts";
import * as jurySubmissions from "./jury-submissions.ts";
import * as juryTests from "./jury-tests.ts";
import * as live from "./live.ts";
import * as marketHistory from "./market-history.ts";
import * as marketModels from "./market-models.ts";
import * as models from "./models.ts";
import { OpenAIApiError, openAIErrorResponse } from "./openai-http.ts";
import * as openapi from "./openapi.ts";
import * as overrides from "./overrides.ts";
import * as preparedFiles from "./prepared-files.ts";
import * as problems from "./problems.ts";
import * as progress from "./progress.ts";
import * as providers from "./providers.ts";
import * as ratings from "./ratings.ts";
import * as recording from "./recording.ts";
import * as rejudgings from "./rejudgings.ts";
import { questioner } from "./questions.ts";
import * as requests from "./requests.ts";
import * as resolver from "./resolver.ts";
import * as responses from "./responses.ts";
import * as roleHolders from "./role-holders.ts";
import * as sessions from "./sessions.ts";
import * as statistics from "./statistics.ts";
import * as submissions from "./submissions.ts";
import * as teamImport from "./team-import.ts";
import * as teamMembers from "./team-members.ts";
import * as teamPasswords from "./team-passwords.ts";
import * as teams from "./teams.ts";
import * as virtual from "./virtual.ts";
import * as wishes from "./wishes.ts";
import * as yardsticks from "./yardsticks.ts";

export { AccountFeed } from "./objects/account-feed.ts";
export { ContestRoom } from "./objects/contest-room.ts";
export { JudgeContainer } from "./objects/judge-container.ts";
export { JudgeQueue } from "./objects/judge-queue.ts";
export { Market } from "./objects/market.ts";
export { ResolverShow } from "./objects/resolver-show.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Route {
  method: Method;
  path: string;
  answer: (call: Call) => Promise<Response>;
}

/** One line a route: method, path, who may call it, and what answers. */
function route<Who>(
  method: Method,
  path: string,
  guard: Guard<Who>,
  handler: (call: Call, who: Who) => Promise<Response>,
): Route {
  return { method, path, answer: async (call) => handler(call, await guard(call)) };
}

const routes: readonly Route[] = [
  route("GET", "/health", anyone, health.alive),
  route("GET", "/ready", anyone, health.ready),

  route("GET", "/runtimes/:name", anyone, preparedFiles.show),

  route("POST", "/api/accounts", anyone, accounts.signUp),
  route("GET", "/api/accounts", administrator, accounts.list),
  route("PATCH", "/api/accounts/:id", administrator, accounts.change),
  route("POST", "/api/accounts/:id/password", administrator, accounts.resetPassword),
  route("GET", "/api/session", anyone, sessions.show),
  route("POST", "/api/session", anyone, sessions.signIn),
  route("DELETE", "/api/session", anyone, sessions.signOut),
  route("POST", "/api/session/password", signedIn, sessions.changePassword),

  route("GET", "/api/problems", maybeSignedIn, problems.list),
  route("POST", "/api/problems", organiser, problems.upload),
  route("GET", "/api/problems/:slug", maybeSignedIn, problems.show),
  route("PATCH", "/api/problems/:slug", organiser, problems.change),
  route("GET", "/api/problems/:slug/yardstick", anyone, yardsticks.show),
  route("POST", "/api/problems/:slug/publish", organiser, problems.publish),
  route("POST", "/api/problems/:slug/withdraw", organiser, problems.withdraw),
  route("GET", "/api/organise/problems", organiser, problems.shelf),
  route("GET", "/api/files/:file", anyone, problems.file),

  route("GET", "/api/contests", maybeSignedIn, contests.list),
  route("POST", "/api/contests", organiser, contestForm.create),
  route("GET", "/api/contests/:slug", maybeSignedIn, contests.show),
  route("PUT", "/api/contests/:slug", signedIn, contestForm.change),
  route("POST", "/api/contests/:slug/teams", signedIn, teams.register),
  route("GET", "/api/contests/:slug/teams", signedIn, teams.list),
  route("DELETE", "/api/contests/:slug/teams/mine", signedIn, teamMembers.leave),
  route("POST", "/api/contests/:slug/teams/preview", signedIn, teamImport.preview),
  route("POST", "/api/contests/:slug/teams/import", signedIn, teamImport.importList),
  route("POST", "/api/contests/:slug/teams/new", signedIn, teamImport.add),
  route("PUT", "/api/contests/:slug/teams/:team", signedIn, teams.change),
  route("DELETE", "/api/contests/:slug/teams/:team", signedIn, teams.remove),
  route("POST", "/api/contests/:slug/teams/:team/password", signedIn, teamPasswords.renew),
  route("POST", "/api/contests/:slug/teams/:team/members", signedIn, teamMembers.add),
  route("DELETE", "/api/contests/:slug/teams/:team/members/:username", signedIn, teamMembers.remove),
  route("POST", "/api/contests/:slug/teams/:team/join", signedIn, joinLinks.create),
  route("DELETE", "/api/contests/:slug/teams/:team/join", signedIn, joinLinks.revoke),
  route("POST", "/api/contests/:slug/join", signedIn, joinLinks.create),
  route("DELETE", "/api/contests/:slug/join", signedIn, joinLinks.revoke),
  route("PUT", "/api/contests/:slug/groups", signedIn, groups.change),
  route("PUT", "/api/contests/:slug/roles/:username", signedIn, roleHolders.give),
  route("DELETE", "/api/contests/:slug/roles/:username", signedIn, roleHolders.take),
  route("GET", "/api/join/:code", maybeSignedIn, joining.show),
  route("POST", "/api/join/:code", signedIn, joining.join),

  route("GET", "/api/contests/:slug/problems/:label", maybeSignedIn, contests.problem),
  route("POST", "/api/contests/:slug/times", signedIn, contestTimes.edit),
  route("POST", "/api/contests/:slug/begin", signedIn, contestTimes.begin),
  route("POST", "/api/contests/:slug/thaw", signedIn, contestTimes.thaw),
  route("POST", "/api/contests/:slug/finalise", signedIn, contestTimes.finalise),
  route("GET", "/api/contests/:slug/scoreboard", maybeSignedIn, contests.scoreboard),
  route("GET", "/api/contests/:slug/statistics", maybeSignedIn, statistics.show),
  route("GET", "/api/contests/:slug/progress", signedIn, progress.ofContest),
  route("GET", "/api/contests/:slug/rated", maybeSignedIn, ratings.showRated),
  route("POST", "/api/contests/:slug/rated", signedIn, ratings.rate),
  route("GET", "/api/progress", signedIn, progress.own),
  route("GET", "/api/ratings", anyone, ratings.list),
  route("GET", "/api/ratings/:username", anyone, ratings.show),
  route("GET", "/api/contests/:slug/recording", anyone, recording.show),
  route("GET", "/api/contests/:slug/virtual", signedIn, virtual.show),
  route("POST", "/api/contests/:slug/virtual", signedIn, virtual.begin),
  route("DELETE", "/api/contests/:slug/virtual", signedIn, virtual.end),

  route("GET", "/api/contests/:slug/clarifications", maybeSignedIn, clarifications.list),
  route("POST", "/api/contests/:slug/clarifications", signedIn, clarificationSaid.say),
  route("GET", "/api/contests/:slug/clarifications/unread", maybeSignedIn, clarifications.unread),
  route("POST", "/api/contests/:slug/clarifications/read", signedIn, clarifications.read),
  route("POST", "/api/contests/:slug/clarifications/:id/queue", signedIn, clarificationQueue.move),

  route("GET", "/api/contests/:slug/awards", maybeSignedIn, awards.show),
  route("PUT", "/api/contests/:slug/awards", signedIn, awards.change),
  route("GET", "/api/contests/:slug/resolver/steps", signedIn, resolver.steps),
  route("POST", "/api/contests/:slug/resolver/begin", signedIn, resolver.begin),
  route("POST", "/api/contests/:slug/resolver/show", signedIn, resolver.move),

  route("POST", "/api/submissions", signedIn, submissions.submit),
  route("GET", "/api/submissions", signedIn, submissions.list),
  route("GET", "/api/submissions/:id", signedIn, submissions.show),

  route("GET", "/api/contests/:slug/submissions", signedIn, jurySubmissions.list),
  route("GET", "/api/submissions/:id/jury", signedIn, jurySubmissions.show),
  route("GET", "/api/submissions/:id/jury/tests/:position", signedIn, juryTests.show),
  route("POST", "/api/submissions/:id/verdict", signedIn, overrides.override),
  route("POST", "/api/contests/:slug/rejudgings", signedIn, rejudgings.create),
  route("GET", "/api/contests/:slug/rejudgings", signedIn, rejudgings.list),
  route("GET", "/api/rejudgings/:id", signedIn, rejudgings.show),
  route("POST", "/api/rejudgings/:id/apply", signedIn, rejudgings.apply),
  route("POST", "/api/rejudgings/:id/cancel", signedIn, rejudgings.cancel),
  route("GET", "/api/contests/:slug/audit", signedIn, auditLog.list),

  route("POST", "/api/runs", signedIn, customRuns.start),
  route("GET", "/api/runs/:id", signedIn, customRuns.show),

  route("GET", "/api/judging", anyone, judging.status),
  route("PUT", "/api/judging", administrator, judging.change),
  route("GET", "/api/judges", organiser, judges.list),
  route("POST", "/api/judges", administrator, judges.create),
  route("PATCH", "/api/judges/:id", administrator, judges.change),
  route("DELETE", "/api/judges/:id", administrator, judges.revoke),

  route("GET", "/api/ledger", signedIn, credits.show),
  route("POST", "/api/grants", administrator, credits.give),
  route("GET", "/api/books", administrator, books.show),

  ...["/v1", ""].flatMap((prefix) => [
    route("POST", `${prefix}/chat/completions`, questioner, chat.complete),
    route("POST", `${prefix}/completions`, questioner, completions.complete),
    route("POST", `${prefix}/responses`, questioner, responses.create),
    route("POST", `${prefix}/embeddings`, questioner, embeddings.embed),
    route("GET", `${prefix}/models`, consumer, models.list),
    route("GET", `${prefix}/models/:model+`, consumer, models.show),
    route("GET", `${prefix}/openapi.json`, anyone, openapi.show),
  ]),

  route("GET", "/api/keys", signedIn, apiKeys.list),
  route("POST", "/api/keys", signedIn, apiKeys.create),
  route("PATCH", "/api/keys/:id", signedIn, apiKeys.change),
  route("DELETE", "/api/keys/:id", signedIn, apiKeys.revoke),
  route("GET", "/api/wishes", signedIn, wishes.show),
  route("PUT", "/api/wishes", signedIn, wishes.change),
  route("GET", "/api/providers", signedIn, providers.list),
  route("POST", "/api/providers", signedIn, providers.create),
  route("POST", "/api/providers/:id/token", signedIn, providers.renewToken),
  route("DELETE", "/api/providers/:id", signedIn, providers.revoke),
  route("GET", "/api/providers/:id/jobs", signedIn, providers.jobs),
  route("GET", "/api/requests", signedIn, requests.list),
  route("GET", "/api/requests/:job/reasons", signedIn, requests.reasons),
  route("GET", "/api/market/aliases", anyone, wishes.showShared),
  route("PUT", "/api/market/aliases", administrator, wishes.changeShared),
  route("GET", "/api/market/models", anyone, marketModels.list),
  route("GET", "/api/market/models/:model+/history", anyone, marketHistory.show),
  route("GET", "/api/market/models/:model+", anyone, marketModels.show),

  route("GET", "/live/contests/:slug", maybeSignedIn, live.contest),
  route("GET", "/live/contests/:slug/resolver", anyone, resolver.follow),
  route("GET", "/live/me", signedIn, live.account),

  route("GET", "/link/judge", judge, judging.link),
  route("GET", "/link/judge/packages/:hash", judge, judging.packageBytes),
  route("GET", "/link/judge/leases/:id/source", judge, judging.source),
  route("POST", "/link/judge/leases/:id/evidence", judge, evidence.store),
  route("POST", "/link/judge/checks", judge, judges.reportCheck),

  route("GET", "/link/provider", provider, providers.link),
];

/** Paths that programs ask for: what is not found below them is an error in JSON, never the site's page. */
const PROGRAMS = /^\/(api|live|link|ccs)(\/|$)/;

/** OpenAI's API, which some clients ask for without its /v1: every answer has its shape. It takes keys, never cookies. */
const OPENAI = /^\/(v1|models|responses)(\/|$)|^\/((chat\/)?completions|embeddings)\/*$/;

const router = Router<Request & Pick<Call, "params">, [Env, ExecutionContext]>();
for (const { method, path, answer } of routes) {
  router.all(path, (request, env, ctx) => {
    if (request.method !== method && !(request.method === "HEAD" && method === "GET")) return undefined;
    const call: Call = { request, url: new URL(request.url), params: request.params, env, ctx };
    if (!path.startsWith("/link/") && !OPENAI.test(path)) refuseForeignOrigin(call);
    return answer(call);
  });
}

router.all("*", (request, env, ctx) => {
  const call: Call = { request, url: new URL(request.url), params: {}, env, ctx };
  const { pathname } = call.url;
  if (OPENAI.test(pathname) && isPreflight(request)) return preflight(request);
  if (OPENAI.test(pathname) || PROGRAMS.test(pathname)) return unanswered(call);
  return document(call);
});

/** The methods that an address takes; none where there is no such address. */
function methodsAt({ url }: Call): string[] {
  const paths = router.routes
    .filter(([, pattern, , path]) => path !== "*" && pattern.test(url.pathname))
    .map(([, , , path]) => path);
  const methods = routes.filter(({ path }) => paths.includes(path)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
}

/** The refusal of an address that is none, or of a method that it does not take: HTTP wants to hear then which it does. */
function unanswered(call: Call): Response {
  const { request, url } = call;
  const methods = methodsAt(call);
  const isOpenAI = OPENAI.test(url.pathname);
  if (methods.length === 0) {
    const message = `There is nothing at ${url.pathname.slice(0, 200)}.`;
    return isOpenAI
      ? openAIErrorResponse(new OpenAIApiError("unknown_url", message), newJobId())
      : errorResponse(new ApiError("not_found", message));
  }
  const message = `${request.method} is not possible here.`;
  const refusal = isOpenAI
    ? openAIErrorResponse(new OpenAIApiError("method_not_allowed", message), newJobId())
    : errorResponse(new ApiError("method_not_allowed", message));
  refusal.headers.set("allow", methods.join(", "));
  return refusal;
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const url = new URL(request.url);
    const answer = router.fetch(request, env, ctx);
    if (!OPENAI.test(url.pathname)) return answer.catch(errorResponse);
    return readableByPage(
      { request, url },
      await answer.catch((error) => openAIErrorResponse(error, newJobId())),
    );
  },
} satisfies ExportedHandler<Env>;
