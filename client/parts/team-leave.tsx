import { useState } from "preact/hooks";
import { ContestView } from "../../protocol/contest.ts";
import { statusAt } from "../../rules/contest-state.ts";
import { useAct } from "../act.ts";
import { request } from "../api.ts";
import { useServerNow } from "../clock.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";

interface Props {
  contest: ContestView;
  replace: (contest: ContestView) => void;
}

/** Leaves one's team, which may be done before the start only. */
export function LeaveTeam({ contest, replace }: Props) {
  const now = useServerNow();
  const [asked, setAsked] = useState(false);
  const act = useAct();
  if (statusAt(contest.timed, now).state !== "scheduled") return null;
  const leave = (): Promise<boolean> =>
    act.run(async () => {
      const path = `/api/contests/${contest.slug}/teams/mine`;
      replace(await request(ContestView, path, { method: "DELETE" }));
    });
  return (
    <p class="actions">
      <button type="button" class="small" onClick={() => setAsked(true)}>
        {t("contest.leave")}
      </button>
      {asked ? (
        <Confirm
          title={t("contest.leave")}
          label={t("contest.leave")}
          danger
          busy={act.busy}
          error={act.error}
          act={() => void leave()}
          close={() => setAsked(false)}
        >
          {t("contest.leaveAbout")}
        </Confirm>
      ) : null}
    </p>
  );
}
