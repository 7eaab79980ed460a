import type { ContestView } from "../../protocol/contest.ts";
import type { TimedContest } from "../../protocol/contest-times.ts";
import { contestTime, endAt, freezeAt, lastEndAt } from "../../rules/contest-times.ts";
import { useServerNow } from "../clock.ts";
import { longSpan } from "../contest-words.ts";
import { clock, dateTime, timeZone } from "../format.ts";
import { t } from "../i18n.ts";
import { ContestProgress, Countdown, FreezeCountdown, State } from "./contest-time.tsx";

/** Where a contest stands: its state, its clock, and when what happens. */
export function TimesNow({ contest: { timed } }: { contest: ContestView }) {
  const now = useServerNow();
  const { times, thawedAt, finalisedAt } = timed;
  const last = lastEndAt(times);
  const moments: [string, string][] = [
    [
      t("times.contestTime"),
      t("times.of", { time: clock(contestTime(times, now)), all: clock(times.durationMs) }),
    ],
    [t("contests.start"), momentText(times.startAt)],
    [t("times.freeze"), times.freezeMs === 0 ? t("contest.noFreeze") : momentText(freezeAt(times))],
    [t("times.end"), momentText(endAt(times))],
  ];
  if (last !== endAt(times)) moments.push([t("times.lastEnd"), momentText(last)]);
  if (times.windowMs !== null) moments.push([t("contest.window"), longSpan(times.windowMs)]);
  if (thawedAt !== null) moments.push([t("times.thawed"), dateTime(thawedAt)]);
  if (finalisedAt !== null) moments.push([t("times.finalised"), dateTime(finalisedAt)]);
  return (
    <section class="card panel" aria-labelledby="times-now">
      <h2 id="times-now">{t("times.now")}</h2>
      <p class="actions">
        <State timed={timed} />
        <Countdown timed={timed} />
        <FreezeCountdown timed={timed} />
        <ContestProgress timed={timed} />
      </p>
      <Timeline timed={timed} now={now} />
      <dl class="facts">
        {moments.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{t("times.zone", { zone: timeZone() })}</p>
    </section>
  );
}

/** A moment in the reader's time zone; where a pause or a missing start leaves it open, that. */
export function momentText(at: number | null): string {
  return at === null ? t("times.open") : dateTime(at);
}

const WIDTH = 1000;

/** From the start to the end in wall time, with what stands still and what is frozen; the list beside it says the same. */
function Timeline({ timed: { times }, now }: { timed: TimedContest; now: number }) {
  const { startAt, pausedAt, removed } = times;
  if (startAt === null) return null;
  const end = lastEndAt(times) ?? Math.max(now, startAt + times.durationMs);
  const place = (at: number): number =>
    Math.min(WIDTH, Math.max(0, ((at - startAt) / (end - startAt)) * WIDTH));
  const bar = (kind: string, from: number, to: number) => (
    <rect key={`${kind} ${from}`} class={kind} x={place(from)} width={place(to) - place(from)} height="20" />
  );
  const frozenFrom = freezeAt(times);
  const still = pausedAt === null ? removed : [...removed, { from: pausedAt, to: end }];
  return (
    <svg class="timeline" viewBox={`0 0 ${WIDTH} 20`} preserveAspectRatio="none" aria-hidden="true">
      {bar("running", startAt, end)}
      {frozenFrom === null ? null : bar("frozen", frozenFrom, end)}
      {still.map(({ from, to }) => bar("still", from, to))}
      {now < startAt ? null : <rect class="now" x={place(now) - 3} width="6" height="20" />}
    </svg>
  );
}
