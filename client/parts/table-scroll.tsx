import type { ComponentChildren } from "preact";

/**
 * A table wider than the screen scrolls inside this box instead of making the whole page scroll. It can be focused and
 * has a name, so that it can be scrolled by keyboard too (WCAG 1.4.10, 2.1.1).
 */
export function TableScroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolling by keyboard needs the focus
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
