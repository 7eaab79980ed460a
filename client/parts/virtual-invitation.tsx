import type { ContestView } from "../../protocol/contest.ts";
import { virtualLength } from "../../rules/contest-times-virtual.ts";
import { isOver } from "../../rules/contest-state.ts";
import { useServerNow } from "../clock.ts";
import { span } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/virtual.ts";
import { useVirtual } from "../virtual.ts";
import { goesOn, VirtualCountdown } from "./virtual-clock.tsx";

/** In the lobby of a contest that is over: how to go through it again, or to go on. Nothing before that. */
export function VirtualInvitation({ contest }: { contest: ContestView }) {
  return isOver(contest.timed, useServerNow()) ? <Invitation contest={contest} /> : null;
}

function Invitation({ contest: { slug, timed } }: { contest: ContestView }) {
  const { loaded } = useVirtual(slug);
  const run = loaded.state === "ready" ? loaded.value.run : null;
  const going = goesOn(run, useServerNow());
  return (
    <section aria-labelledby="lobby-virtual" class="card">
      <h2 id="lobby-virtual">{t("virtual.heading")}</h2>
      {going ? (
        <p>
          <VirtualCountdown run={run} />
        </p>
      ) : (
        <p class="soft">{t("virtual.about", { span: span(virtualLength(timed.times)) })}</p>
      )}
      <p class="actions">
        <a class="button" href={`/contests/${slug}/virtual`}>
          {t(going ? "virtual.goOn" : "virtual.open")}
        </a>
      </p>
    </section>
  );
}
