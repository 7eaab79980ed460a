import type { ComponentType } from "preact";
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { Shell } from "./parts/shell.tsx";
import { Crash, MissingPage } from "./parts/crash.tsx";

/** A page whose code cannot be had (the network is away, or the site has a new version and no longer the old files) says so. */
const page = (load: () => Promise<{ default: ComponentType }>) =>
  lazy(() => load().catch((error: unknown) => ({ default: () => <MissingPage error={error} /> })));

const Home = page(() => import("./pages/home.tsx"));
const Problems = page(() => import("./pages/problems.tsx"));
const Problem = page(() => import("./pages/problem.tsx"));
const Contests = page(() => import("./pages/contests.tsx"));
const NewContest = page(() => import("./pages/contest-new.tsx"));
const Contest = page(() => import("./pages/contest.tsx"));
const EditContest = page(() => import("./pages/contest-edit.tsx"));
const ContestTimes = page(() => import("./pages/contest-times.tsx"));
const ContestProblem = page(() => import("./pages/contest-problem.tsx"));
const Scoreboard = page(() => import("./pages/scoreboard.tsx"));
const Clarifications = page(() => import("./pages/clarifications.tsx"));
const Virtual = page(() => import("./pages/virtual.tsx"));
const Statistics = page(() => import("./pages/statistics.tsx"));
const ContestProgress = page(() => import("./pages/contest-progress.tsx"));
const Print = page(() => import("./pages/print.tsx"));
const Progress = page(() => import("./pages/progress.tsx"));
const Ratings = page(() => import("./pages/ratings.tsx"));
const Submissions = page(() => import("./pages/submissions.tsx"));
const Submission = page(() => import("./pages/submission.tsx"));
const JurySubmissions = page(() => import("./pages/jury-submissions.tsx"));
const JurySubmission = page(() => import("./pages/jury-submission.tsx"));
const Rejudgings = page(() => import("./pages/rejudgings.tsx"));
const Rejudging = page(() => import("./pages/rejudging.tsx"));
const Resolver = page(() => import("./pages/resolver.tsx"));
const ResolverShow = page(() => import("./pages/resolver-show.tsx"));
const Audit = page(() => import("./pages/audit.tsx"));
const ContestTeams = page(() => import("./pages/contest-teams.tsx"));
const Join = page(() => import("./pages/join.tsx"));
const SignIn = page(() => import("./pages/sign-in.tsx"));
const SignUp = page(() => import("./pages/sign-up.tsx"));
const Account = page(() => import("./pages/account.tsx"));
const OrganiseProblems = page(() => import("./pages/organise-problems.tsx"));
const OrganiseJudges = page(() => import("./pages/organise-judges.tsx"));
const Offline = page(() => import("./pages/offline.tsx"));
const AdminAccounts = page(() => import("./pages/admin-accounts.tsx"));
const Market = page(() => import("./pages/market.tsx"));
const MarketModel = page(() => import("./pages/market-model.tsx"));
const MarketRequests = page(() => import("./pages/market-requests.tsx"));
const MarketKeys = page(() => import("./pages/market-keys.tsx"));
const MarketWishes = page(() => import("./pages/market-wishes.tsx"));
const MarketProviders = page(() => import("./pages/market-providers.tsx"));
const MarketLedger = page(() => import("./pages/market-ledger.tsx"));
const AdminMarket = page(() => import("./pages/admin-market.tsx"));
const AdminAliases = page(() => import("./pages/admin-aliases.tsx"));
const NotFound = page(() => import("./pages/not-found.tsx"));

/** Every page of the site, one line each; a page's code is loaded when it is first visited. */
export function App() {
  return (
    <LocationProvider>
      <Shell>
        <Crash>
          <ErrorBoundary>
            <Router>
              <Route path="/" component={Home} />
              <Route path="/problems" component={Problems} />
              <Route path="/problems/:slug" component={Problem} />
              <Route path="/contests" component={Contests} />
              <Route path="/contests/new" component={NewContest} />
              <Route path="/contests/:slug" component={Contest} />
              <Route path="/contests/:slug/edit" component={EditContest} />
              <Route path="/contests/:slug/times" component={ContestTimes} />
              <Route path="/contests/:slug/problems/:label" component={ContestProblem} />
              <Route path="/contests/:slug/scoreboard" component={Scoreboard} />
              <Route path="/contests/:slug/clarifications" component={Clarifications} />
              <Route path="/contests/:slug/virtual" component={Virtual} />
              <Route path="/contests/:slug/submissions" component={JurySubmissions} />
              <Route path="/contests/:slug/rejudgings" component={Rejudgings} />
              <Route path="/contests/:slug/rejudgings/:id" component={Rejudging} />
              <Route path="/contests/:slug/resolver" component={Resolver} />
              <Route path="/contests/:slug/resolver/show" component={ResolverShow} />
              <Route path="/contests/:slug/teams" component={ContestTeams} />
              <Route path="/join/:code" component={Join} />
              <Route path="/contests/:slug/audit" component={Audit} />
              <Route path="/contests/:slug/statistics" component={Statistics} />
              <Route path="/contests/:slug/progress" component={ContestProgress} />
              <Route path="/contests/:slug/print/:what?" component={Print} />
              <Route path="/progress" component={Progress} />
              <Route path="/ratings/:username?" component={Ratings} />
              <Route path="/submissions" component={Submissions} />
              <Route path="/submissions/:id" component={Submission} />
              <Route path="/submissions/:id/jury" component={JurySubmission} />
              <Route path="/sign-in" component={SignIn} />
              <Route path="/sign-up" component={SignUp} />
              <Route path="/account" component={Account} />
              <Route path="/offline" component={Offline} />
              <Route path="/organise/problems" component={OrganiseProblems} />
              <Route path="/organise/judges" component={OrganiseJudges} />
              <Route path="/admin/accounts" component={AdminAccounts} />
              <Route path="/admin/market" component={AdminMarket} />
              <Route path="/admin/aliases" component={AdminAliases} />
              <Route path="/market" component={Market} />
              <Route path="/market/models/:model+" component={MarketModel} />
              <Route path="/market/requests" component={MarketRequests} />
              <Route path="/market/keys" component={MarketKeys} />
              <Route path="/market/wishes" component={MarketWishes} />
              <Route path="/market/providers" component={MarketProviders} />
              <Route path="/market/ledger" component={MarketLedger} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </Crash>
      </Shell>
    </LocationProvider>
  );
}
