import { ProviderJobs } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError, Waiting } from "../parts/await.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";
import { credits, tokens } from "./amounts.ts";
import { Outcome } from "./outcome.tsx";
import { Paging } from "./paging.tsx";

type Job = ProviderJobs["jobs"][number];

/** What a provider did of which jobs, and what it got for that. */
export function ProviderJobTable({ id, before }: { id: string; before: string }) {
  const path = `/api/providers/${id}/jobs${before === "" ? "" : `?before=${encodeURIComponent(before)}`}`;
  const loading = useLoaded(path, (signal) => request(ProviderJobs, path, { signal }));
  const { loaded } = loading;
  return (
    <>
      <h3>{t("providers.jobs")}</h3>
      {loaded.state === "loading" ? <Waiting /> : null}
      <LoadError loading={loading} />
      {loaded.state === "ready" ? (
        <>
          {loaded.value.jobs.length === 0 ? (
            <p class="soft">{t("providers.noJobs")}</p>
          ) : (
            <Table id={id} jobs={loaded.value.jobs} />
          )}
          <Paging path={`/market/providers?jobs=${id}`} before={before} next={loaded.value.next} />
        </>
      ) : null}
    </>
  );
}

function Table({ id, jobs }: { id: string; jobs: readonly Job[] }) {
  return (
    <TableScroll label={t("providers.jobsOf", { name: id })}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("market.model")}</th>
            <th scope="col">{t("providers.outcome")}</th>
            <th scope="col" class="number">
              {t("requests.tokensIn")}
            </th>
            <th scope="col" class="number">
              {t("requests.tokensOut")}
            </th>
            <th scope="col" class="number">
              {t("providers.earned")}
            </th>
            <th scope="col" class="number">
              {t("providers.fee")}
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={`${job.job} ${job.at}`}>
              <td class="nowrap">
                <When at={job.at} />
              </td>
              <th scope="row" class="named">
                {job.model}
              </th>
              <td>
                <Outcome outcome={job.outcome} />
              </td>
              <td class="number">
                {tokens(job.promptTokens)}
                {job.cachedPromptTokens === 0 ? null : (
                  <span class="under">{t("requests.cached", { count: job.cachedPromptTokens })}</span>
                )}
              </td>
              <td class="number">{tokens(job.completionTokens)}</td>
              <td class="number">{credits(job.earnedNano)}</td>
              <td class="number">{credits(job.feeNano)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
