import { useRoute } from "preact-iso";
import { ProblemView } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { OfflineMark, useKeptPaths } from "../parts/offline-mark.tsx";
import { Workspace } from "../parts/workspace.tsx";
import { account } from "../session.ts";

/** A problem of the archive, with everything needed to solve it. */
export default function Problem() {
  const slug = useRoute().params.slug ?? "";
  useKeptPaths();
  const loading = useLoaded(`problem ${slug} of ${account.value?.id ?? ""}`, (signal) =>
    request(ProblemView, `/api/problems/${slug}`, { signal }),
  );
  return (
    <Await loading={loading}>
      {(problem) => (
        <Workspace
          key={problem.slug}
          problem={problem}
          path={`/problems/${problem.slug}`}
          above={
            <>
              <a href="/problems">{t("nav.problems")}</a> <OfflineMark path={`/api/problems/${slug}`} />
            </>
          }
        />
      )}
    </Await>
  );
}
