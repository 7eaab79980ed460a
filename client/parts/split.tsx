import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { readItem, writeItem } from "../storage.ts";

const LEAST = 25;
const MOST = 75;
const STEP = 2;

/** Two panes side by side, or one above the other. */
type Direction = "columns" | "rows";

const keys = {
  columns: { less: "ArrowLeft", more: "ArrowRight" },
  rows: { less: "ArrowUp", more: "ArrowDown" },
} as const;

const within = (percent: number): number => Math.max(LEAST, Math.min(MOST, percent));

interface Props {
  direction: Direction;
  /** Where the first pane's share is remembered. */
  name: string;
  /** What the handle is called. */
  label: string;
  /** The first pane's share at first, in percent, and after a double click. */
  usual: number;
  first: ComponentChildren;
  second: ComponentChildren;
}

/**
 * Two panes with a handle between them that is dragged, or moved by arrow keys while it has the focus.
 * Where the screen is too narrow for two, the style sheet shows one and hides the handle.
 */
export function Split({ direction, name, label, usual, first, second }: Props) {
  const [percent, setPercent] = useState(() => within(Number(readItem(name)) || usual));
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => void writeItem(name, String(Math.round(percent))), [name, percent]);

  const drag = (event: PointerEvent): void => {
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement) || !handle.hasPointerCapture(event.pointerId) || !place.current)
      return;
    const { left, top, width, height } = place.current.getBoundingClientRect();
    const share = direction === "columns" ? (event.clientX - left) / width : (event.clientY - top) / height;
    setPercent(within(share * 100));
  };
  const press = (event: KeyboardEvent): void => {
    const next = {
      [keys[direction].less]: percent - STEP,
      [keys[direction].more]: percent + STEP,
      Home: LEAST,
      End: MOST,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setPercent(within(next));
  };

  return (
    <div class={`split split-${direction}`} ref={place} style={{ "--split": `${percent}%` }}>
      {first}
      <div
        class="split-handle"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an hr cannot be moved; a focusable separator can (ARIA 1.2)
        role="separator"
        aria-label={label}
        aria-orientation={direction === "columns" ? "vertical" : "horizontal"}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        onKeyDown={press}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDblClick={() => setPercent(usual)}
      />
      {second}
    </div>
  );
}
