import { useEffect, useState } from "preact/hooks";
import { toggleFullScreen } from "../full-screen.ts";
import { t } from "../i18n.ts";
import { singleKeys } from "../keys.ts";
import { useMedia } from "../use-board.ts";
import { Icon } from "./icons.tsx";

/** How far a board goes on in a second, in its own heights; what moves faster cannot be read at the back. */
const SPEED = 1 / 18;
/** How long it rests at the top and at the bottom. */
const REST_MS = 5000;
/** Without motion it shows the next screen after so long. */
const SCREEN_MS = 10_000;

const scroller = (): HTMLElement | null =>
  document.querySelector<HTMLElement>(".scoreboard")?.closest<HTMLElement>(".table-scroll") ?? null;

const isAtEnd = (box: HTMLElement): boolean => box.scrollTop + box.clientHeight >= box.scrollHeight - 1;

/** Scrolls the board to its end and begins again; smoothly, or screen by screen for those who want less motion. */
function useAutoScroll(paused: boolean): void {
  const still = useMedia("(prefers-reduced-motion: reduce)");
  useEffect(() => (paused ? undefined : still ? scrollByScreens() : scrollSmoothly()), [paused, still]);
}

function scrollByScreens(): () => void {
  const timer = setInterval(() => {
    const box = scroller();
    if (box === null) return;
    // A few rows are seen twice, so that none is cut in half both times.
    box.scrollTop = isAtEnd(box) ? 0 : box.scrollTop + box.clientHeight * 0.8;
  }, SCREEN_MS);
  return () => clearInterval(timer);
}

function scrollSmoothly(): () => void {
  let last = performance.now();
  let restUntil = last + REST_MS;
  // The box itself keeps whole pixels in some browsers, and would never move by less than one.
  let top = scroller()?.scrollTop ?? 0;
  let frame = requestAnimationFrame(function step(now: number): void {
    frame = requestAnimationFrame(step);
    const box = scroller();
    const passed = now - last;
    last = now;
    if (box === null || now < restUntil) return;
    // Somebody scrolled by hand: from there on.
    if (Math.abs(box.scrollTop - top) > 2) top = box.scrollTop;
    const ended = isAtEnd(box);
    top = ended ? 0 : top + (box.clientHeight * SPEED * passed) / 1000;
    box.scrollTop = top;
    if (ended || isAtEnd(box)) restUntil = now + REST_MS;
  });
  return () => cancelAnimationFrame(frame);
}

/** Whether the key was meant for something that has a use for it itself. */
const isForControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("a, button, input, select, textarea, summary") !== null;

/** The buttons of the hall display, which scrolls by itself until somebody pauses it. */
export function HallControls({ leave }: { leave: string }) {
  const [paused, setPaused] = useState(false);
  useAutoScroll(paused);
  useEffect(() => {
    // The site's own bars have no place on a projector.
    document.documentElement.classList.add("hall");
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== " " || !singleKeys.value || isForControl(event.target)) return;
      event.preventDefault();
      setPaused((before) => !before);
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      document.documentElement.classList.remove("hall");
      removeEventListener("keydown", onKeyDown);
    };
  }, []);
  return (
    <>
      <button type="button" onClick={() => setPaused(!paused)}>
        <Icon name={paused ? "play" : "stop"} />
        {paused ? t("scoreboard.scroll") : t("scoreboard.pause")} <kbd>{t("scoreboard.space")}</kbd>
      </button>
      <FullScreen />
      <a href={leave}>{t("scoreboard.leaveHall")}</a>
    </>
  );
}

function FullScreen() {
  // Browsers of phones have none.
  if (!document.fullscreenEnabled) return null;
  return (
    <button type="button" onClick={toggleFullScreen}>
      {t("scoreboard.fullScreen")}
    </button>
  );
}
