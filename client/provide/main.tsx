import type { ComponentChildren } from "preact";
import { render } from "preact";
import { ErrorBoundary, lazy, LocationProvider } from "preact-iso";
import { applyLocale, preferredLocale } from "../i18n.ts";
import { Crash, MissingPage } from "../parts/crash.tsx";
import { Shell } from "../parts/shell.tsx";
import { loadSession } from "../session.ts";
import "../styles/index.css";

/** The tab that provides: a document of its own, since its engines need headers that no other page has. */
const Provide = lazy(() =>
  import("./page/provide.tsx").catch((error: unknown) => ({
    default: () => <MissingPage error={error} />,
  })),
);

/** Every link leads to another document, so nothing here takes clicks on links, and keys that go somewhere load it. */
function OneDocument({ children }: { children: ComponentChildren }) {
  const here = {
    url: location.pathname + location.search,
    path: "/provide",
    query: {},
    route: (url: string) => location.assign(url),
    back: () => history.back(),
    forward: () => history.forward(),
  };
  return <LocationProvider.ctx.Provider value={here}>{children}</LocationProvider.ctx.Provider>;
}

const root = document.getElementById("app");
if (!root) throw new Error("provide.html has no #app");

void loadSession();
await applyLocale(preferredLocale());
render(
  <OneDocument>
    <Shell>
      <Crash>
        <ErrorBoundary>
          <Provide />
        </ErrorBoundary>
      </Crash>
    </Shell>
  </OneDocument>,
  root,
);
