import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { readItem, writeItem } from "../storage.ts";

const LEAST = 25;
const MOST = 75;
const STEP = 2;

const within = (percent: number): number => Math.max(LEAST, Math.min(MOST, percent));

/** The remembered share of the left pane, in percent. */
function remembered(): number {
  const stored = Number(readItem("split"));
  return Number.isFinite(stored) && stored > 0 ? within(stored) : 46;
}

/**
 * Two panes side by side with a handle between them that is dragged, or moved by arrow keys while it has the focus.
 * Where the screen is too narrow for two, the style sheet shows one and hides the handle.
 */
export function Split({ left, right }: { left: ComponentChildren; right: ComponentChildren }) {
  const [percent, setPercent] = useState(remembered);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => void writeItem("split", String(Math.round(percent))), [percent]);

  const drag = (event: PointerEvent): void => {
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement) || !handle.hasPointerCapture(event.pointerId) || !place.current)
      return;
    const { left: start, width } = place.current.getBoundingClientRect();
    setPercent(within(((event.clientX - start) / width) * 100));
  };
  const press = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: percent - STEP, ArrowRight: percent + STEP, Home: LEAST, End: MOST }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setPercent(within(next));
  };

  return (
    <div class="split" ref={place} style={{ "--split": `${percent}%` }}>
      {left}
      <div
        class="split-handle"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an hr cannot be moved; a focusable separator can (ARIA 1.2)
        role="separator"
        aria-label={t("problem.splitHandle")}
        aria-orientation="vertical"
        aria-valuenow={Math.round(percent)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        onKeyDown={press}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDblClick={() => setPercent(46)}
      />
      {right}
    </div>
  );
}
