import { useEffect, useState } from "preact/hooks";
import type { Replay } from "../../rules/virtual-board.ts";
import { clock } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/virtual.ts";
import { Icon } from "./icons.tsx";
import { RecordedBoard } from "./virtual-board.tsx";

const STEP_MS = 60_000;
const TICK_MS = 200;
/** How much faster than it was; an afternoon then takes from hours to half a minute. */
const speeds = [1, 10, 60, 600] as const;

interface Playing {
  moment: number;
  going: boolean;
  speed: number;
}

/** Plays a recording: it goes on by itself until it is paused or over. */
function usePlaying(lengthMs: number, first: number) {
  const [playing, setPlaying] = useState<Playing>({ moment: first, going: false, speed: 60 });
  const { going } = playing;
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(
      () =>
        setPlaying((now) => {
          const moment = Math.min(now.moment + TICK_MS * now.speed, lengthMs);
          return { ...now, moment, going: moment < lengthMs };
        }),
      TICK_MS,
    );
    return () => clearInterval(timer);
  }, [going, lengthMs]);
  const change = (more: Partial<Playing>): void => setPlaying((now) => ({ ...now, ...more }));
  return { ...playing, change };
}

interface Props {
  slug: string;
  replay: Replay;
  /** The moment that is shown at first. */
  first: number;
}

/** A recording with what plays it: all of it by keyboard, as buttons, lists and sliders are. */
export function RecordingPlayer({ slug, replay, first }: Props) {
  const { lengthMs, boardAt } = replay;
  const { moment, going, speed, change } = usePlaying(lengthMs, first);
  const play = (): void => change({ going: !going, moment: !going && moment >= lengthMs ? 0 : moment });
  const time = t("virtual.timeOf", { time: clock(moment), length: clock(lengthMs) });
  return (
    <>
      <fieldset class="actions">
        <legend class="sr-only">{t("virtual.controls")}</legend>
        <button type="button" onClick={play}>
          <Icon name={going ? "stop" : "play"} />
          {t(going ? "virtual.pause" : "virtual.play")}
        </button>
        <label>
          {t("virtual.speed")}{" "}
          <select value={speed} onChange={(event) => change({ speed: Number(event.currentTarget.value) })}>
            {speeds.map((one) => (
              <option key={one} value={one}>{`${one}×`}</option>
            ))}
          </select>
        </label>
        <input
          type="range"
          class="contest-progress"
          min={0}
          max={lengthMs}
          step={STEP_MS}
          value={moment}
          aria-label={t("virtual.time")}
          aria-valuetext={time}
          onInput={(event) => change({ moment: Number(event.currentTarget.value) })}
        />
        <span class="countdown-time">{time}</span>
      </fieldset>
      <RecordedBoard slug={slug} board={boardAt(moment)} />
    </>
  );
}
