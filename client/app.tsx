import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { Shell } from "./parts/shell.tsx";
import { Crash } from "./parts/crash.tsx";

const Home = lazy(() => import("./pages/home.tsx"));
const Problems = lazy(() => import("./pages/problems.tsx"));
const Problem = lazy(() => import("./pages/problem.tsx"));
const Contests = lazy(() => import("./pages/contests.tsx"));
const NewContest = lazy(() => import("./pages/contest-new.tsx"));
const Contest = lazy(() => import("./pages/contest.tsx"));
const EditContest = lazy(() => import("./pages/contest-edit.tsx"));
const ContestProblem = lazy(() => import("./pages/contest-problem.tsx"));
const Scoreboard = lazy(() => import("./pages/scoreboard.tsx"));
const Submissions = lazy(() => import("./pages/submissions.tsx"));
const Submission = lazy(() => import("./pages/submission.tsx"));
const JurySubmissions = lazy(() => import("./pages/jury-submissions.tsx"));
const JurySubmission = lazy(() => import("./pages/jury-submission.tsx"));
const Rejudgings = lazy(() => import("./pages/rejudgings.tsx"));
const Rejudging = lazy(() => import("./pages/rejudging.tsx"));
const Audit = lazy(() => import("./pages/audit.tsx"));
const SignIn = lazy(() => import("./pages/sign-in.tsx"));
const SignUp = lazy(() => import("./pages/sign-up.tsx"));
const Account = lazy(() => import("./pages/account.tsx"));
const OrganiseProblems = lazy(() => import("./pages/organise-problems.tsx"));
const OrganiseJudges = lazy(() => import("./pages/organise-judges.tsx"));
const Offline = lazy(() => import("./pages/offline.tsx"));
const AdminAccounts = lazy(() => import("./pages/admin-accounts.tsx"));
const NotFound = lazy(() => import("./pages/not-found.tsx"));

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
              <Route path="/contests/:slug/problems/:label" component={ContestProblem} />
              <Route path="/contests/:slug/scoreboard" component={Scoreboard} />
              <Route path="/contests/:slug/submissions" component={JurySubmissions} />
              <Route path="/contests/:slug/rejudgings" component={Rejudgings} />
              <Route path="/contests/:slug/rejudgings/:id" component={Rejudging} />
              <Route path="/contests/:slug/audit" component={Audit} />
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
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </Crash>
      </Shell>
    </LocationProvider>
  );
}
