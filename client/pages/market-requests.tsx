import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { RequestList } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { credits, tokens } from "../market/amounts.ts";
import { MarketPage } from "../market/frame.tsx";
import { Outcome } from "../market/outcome.tsx";
import { Paging } from "../market/paging.tsx";
import { Reasons } from "../market/reasons.tsx";
import { Await } from "../parts/await.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

const NEWS_EVERY_MS = 10_000;

const COLUMNS = 9;

type Asked = RequestList["requests"][number];

export default function MarketRequests() {
  return <SignedIn title={t("market.requests")}>{() => <Requests />}</SignedIn>;
}

/** What the reader's programs asked for: who served it, what it cost, how long it took, and what became of it. */
function Requests() {
  const before = useLocation().query.before ?? "";
  const path = before === "" ? "/api/requests" : `/api/requests?before=${encodeURIComponent(before)}`;
  const loading = useLoaded(
    path,
    (signal) => request(RequestList, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Await loading={loading}>
      {({ requests, next }) => (
        <MarketPage title={t("market.requests")}>
          {requests.length === 0 ? (
            <p class="empty">
              {t("requests.none")} <a href="/market">{t("market.howToCall")}</a>
            </p>
          ) : (
            <RequestTable requests={requests} />
          )}
          <Paging path="/market/requests" before={before} next={next} />
        </MarketPage>
      )}
    </Await>
  );
}

function RequestTable({ requests }: { requests: readonly Asked[] }) {
  return (
    <TableScroll label={t("market.requests")}>
      <table class="requests">
        <thead>
          <tr>
            <th scope="col">{t("submission.when")}</th>
            <th scope="col">{t("market.model")}</th>
            <th scope="col">{t("requests.end")}</th>
            <th scope="col">{t("requests.servedBy")}</th>
            <th scope="col" class="number">
              {t("requests.tokensIn")}
            </th>
            <th scope="col" class="number">
              {t("requests.tokensOut")}
            </th>
            <th scope="col" class="number">
              {t("requests.cost")}
            </th>
            <th scope="col" class="number">
              {t("requests.firstToken")}
            </th>
            <th scope="col" class="number">
              {t("requests.total")}
            </th>
          </tr>
        </thead>
        <tbody>
          {requests.map((one) => (
            <Rows key={one.job} asked={one} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** A request, and below it why its provider was chosen, once the reader wants to know. */
function Rows({ asked }: { asked: Asked }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const [first] = asked.providers;
  return (
    <>
      <Row asked={asked}>
        {first === undefined ? null : (
          <button
            type="button"
            class="small"
            aria-label={t("requests.whyOf", { name: first.provider })}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={() => setOpen(!open)}
          >
            {t("requests.why")}
          </button>
        )}
      </Row>
      {open ? (
        <tr id={id}>
          <td colSpan={COLUMNS}>
            <div class="reasons">
              <Reasons
                job={asked.job}
                occasion={asked.end === "open" ? 0 : 1}
                wasTakenOver={asked.providers.length > 1}
              />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Row({ asked, children }: { asked: Asked; children: ComponentChildren }) {
  return (
    <tr>
      <td class="nowrap">
        <When at={asked.at} />
      </td>
      <th scope="row" class="named">
        {asked.model}
        {asked.askedModel === null ? null : (
          <span class="under">{t("requests.askedAs", { name: asked.askedModel })}</span>
        )}
        {asked.key === null ? null : <span class="under">{t("requests.key", { name: asked.key })}</span>}
      </th>
      <td class="named">
        <End asked={asked} />
      </td>
      <td class="named">
        {asked.providers.length === 0 ? "–" : null}
        <ul>
          {asked.providers.map(({ provider, outcome, completionTokens }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- the same provider can have been asked twice
            <li key={index}>
              {provider} <Outcome outcome={outcome} />
              {asked.providers.length > 1 && completionTokens > 0 ? (
                <span class="hint"> {t("requests.ofTokens", { count: completionTokens })}</span>
              ) : null}
            </li>
          ))}
        </ul>
        {children}
      </td>
      <td class="number">
        {tokens(asked.promptTokens)}
        {asked.cachedPromptTokens === 0 ? null : (
          <span class="under">{t("requests.cached", { count: asked.cachedPromptTokens })}</span>
        )}
      </td>
      <td class="number">{tokens(asked.completionTokens)}</td>
      <td class="number">
        {asked.end === "open" ? (
          <span class="soft">{t("requests.held", { amount: credits(asked.heldNano) })}</span>
        ) : (
          credits(asked.costNano)
        )}
      </td>
      <td class="number">{asked.firstTokenMs === null ? "–" : milliseconds(asked.firstTokenMs)}</td>
      <td class="number">{asked.totalMs === null ? "–" : milliseconds(asked.totalMs)}</td>
    </tr>
  );
}

const icons: Record<Asked["end"], IconName> = {
  open: "dots",
  finished: "check",
  cancelled: "stop",
  failed: "cross",
  interrupted: "warning",
};

/** Whether the answer came whole, and else what the consumer was told. */
function End({ asked: { end, finishReason, error, streamed } }: { asked: Asked }) {
  return (
    <>
      <span class={`chip job-${end}`}>
        <Icon name={icons[end]} />
        {end === "finished" && finishReason !== null ? t(`finishReason.${finishReason}`) : t(`jobEnd.${end}`)}
      </span>
      {streamed ? <span class="under">{t("requests.streamed")}</span> : null}
      {error === null ? null : <p class="wrong said">{error}</p>}
    </>
  );
}
