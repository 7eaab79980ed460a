import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { toggleFullScreen } from "../full-screen.ts";
import { singleKeys } from "../keys.ts";
import { FASTEST, type Presenting } from "../use-presenting.ts";

/** Whether the key was meant for something that has a use for it itself. */
const isForControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("a, button, input, select, textarea, summary") !== null;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, select, textarea") !== null;

/** Listens for keys: those that write a letter or a sign can be switched off, as everywhere on the site. */
export function useShowKeys(act: Readonly<Record<string, () => void>>): void {
  const meant = useRef(act);
  meant.current = act;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
      if (isTyping(event.target) || (event.key === " " && isForControl(event.target))) return;
      const sign = event.key.length === 1 && event.key !== " ";
      const action = meant.current[event.key.toLowerCase()];
      if (action === undefined || (sign && !singleKeys.value)) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

/** The buttons that lead a show, each with its key. */
export function ResolverControls({ presenting, steps }: { presenting: Presenting; steps: number }) {
  const { shown, speed, setSpeed, go } = presenting;
  const next = () => go(shown + 1);
  const back = () => go(shown - 1);
  const faster = () => setSpeed(Math.min(FASTEST, speed + 1));
  const slower = () => setSpeed(Math.max(0, speed - 1));
  useShowKeys({
    " ": next,
    arrowright: next,
    arrowleft: back,
    f: toggleFullScreen,
    "+": faster,
    "=": faster,
    "-": slower,
  });
  return (
    <p class="actions">
      <button type="button" class="primary" disabled={shown >= steps} onClick={next}>
        {t("resolver.next")} <kbd>{t("resolver.space")}</kbd>
      </button>
      <button type="button" disabled={shown === 0} onClick={back}>
        {t("resolver.back")} <kbd>←</kbd>
      </button>
      <button type="button" disabled={speed === 0} onClick={slower}>
        {t("resolver.slower")} <kbd>−</kbd>
      </button>
      <output>{speed === 0 ? t("resolver.byHand") : t("resolver.speed", { speed, most: FASTEST })}</output>
      <button type="button" disabled={speed === FASTEST} onClick={faster}>
        {t("resolver.faster")} <kbd>+</kbd>
      </button>
      <button type="button" onClick={toggleFullScreen}>
        {t("resolver.fullScreen")} <kbd>F</kbd>
      </button>
      <span class="soft">{t("resolver.position", { shown, steps })}</span>
    </p>
  );
}
