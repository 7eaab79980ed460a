import { ProblemView } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { seconds } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Icon } from "./icons.tsx";

const NEWS_EVERY_MS = 10_000;

/** A draft's time limit; while it is still being worked out from the jury's submissions, that, asked again until it is known. */
export function DraftTimeLimit({ slug }: { slug: string }) {
  const { loaded } = useLoaded(
    `time limit of ${slug}`,
    (signal) => request(ProblemView, `/api/problems/${slug}`, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  if (loaded.state !== "ready") return null;
  const { timeMs } = loaded.value.limits;
  return timeMs === null ? (
    <span class="chip chip-warning">
      <Icon name="clock" />
      {t("organise.timeUnknown")}
    </span>
  ) : (
    <span class="soft">
      {t("limits.time")}: {seconds(timeMs)}
    </span>
  );
}
