import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n.ts";

/** Keeps the screen on, and so the device awake, while it is wished and the tab is seen: a browser takes it back from hidden ones. */
export function WakeLock() {
  const [wished, setWished] = useState(false);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!wished) return undefined;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState === "hidden" || (lock !== null && !lock.released)) return;
      const got = await navigator.wakeLock.request("screen").catch(() => null);
      if (over) return void got?.release();
      lock = got;
      setHeld(got !== null);
      got?.addEventListener("release", () => setHeld(false));
    };
    const look = (): void => void hold();
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", look);
      void lock?.release();
      setHeld(false);
    };
  }, [wished]);
  if (!("wakeLock" in navigator)) return <p class="hint">{t("provide.noWakeLock")}</p>;
  return (
    <p>
      <label class="switch">
        <input
          type="checkbox"
          checked={wished}
          onChange={(event) => setWished(event.currentTarget.checked)}
        />
        {t("provide.wakeLock")}
      </label>
      {wished && !held ? <span class="hint"> {t("provide.wakeLockRefused")}</span> : null}
    </p>
  );
}
