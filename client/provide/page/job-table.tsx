import { t } from "../../i18n.ts";
import { credits, speed, tokens } from "../../market/amounts.ts";
import { Icon, type IconName } from "../../parts/icons.tsx";
import { TableScroll } from "../../parts/table-scroll.tsx";
import { When } from "../../parts/when.tsx";
import type { TabJobState } from "../tab-messages.ts";
import type { TabJob, TabView } from "../tab-view.ts";

const icons: Record<TabJobState, IconName> = {
  reading: "dots",
  writing: "dots",
  finished: "check",
  cancelled: "cross",
  failed: "warning",
  refused: "cross",
};

/** What this tab has done since it was opened, and what came of each. */
export function JobTable({ view: { jobs, jobCount } }: { view: TabView }) {
  if (jobs.length === 0) return null;
  return (
    <section aria-labelledby="session-jobs">
      <h2 id="session-jobs">{t("provide.sessionJobs")}</h2>
      <TableScroll label={t("provide.sessionJobs")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("submission.when")}</th>
              <th scope="col">{t("provide.request")}</th>
              <th scope="col">{t("providers.outcome")}</th>
              <th scope="col" class="number">
                {t("requests.tokensIn")}
              </th>
              <th scope="col" class="number">
                {t("requests.tokensOut")}
              </th>
              <th scope="col" class="number">
                {t("market.speed")}
              </th>
              <th scope="col" class="number">
                {t("providers.earned")}
              </th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <Row key={job.job} job={job} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      {jobCount > jobs.length ? (
        <p class="hint">{t("provide.moreJobs", { count: jobCount - jobs.length })}</p>
      ) : null}
    </section>
  );
}

function Row({ job: { job, at, state, tokens: written, tokensPerSecond, settled } }: { job: TabJob }) {
  return (
    <tr>
      <td class="nowrap">
        <When at={at} />
      </td>
      <th scope="row" class="named">
        <code>{job}</code>
      </th>
      <td>
        <span class="chip">
          <Icon name={icons[state]} />
          {t(`provide.job.${state}`)}
        </span>
      </td>
      <td class="number">{settled === null ? "–" : tokens(settled.promptTokens)}</td>
      <td class="number">{tokens(settled?.completionTokens ?? written)}</td>
      <td class="number">{tokensPerSecond === null ? "–" : speed(tokensPerSecond)}</td>
      <td class="number">{settled === null ? "–" : credits(settled.amountNano)}</td>
    </tr>
  );
}
