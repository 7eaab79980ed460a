import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

let firstPage = true;

/** Sets the document's title; after a change of page the heading gets the focus, so that screen readers speak it. */
export function usePageTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === "Tabarena" ? title : `${title} · Tabarena`;
  }, [title]);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return heading;
}

interface PageProps {
  title: string;
  /** Shown instead of the title, for the one page whose heading is a sentence. */
  heading?: string;
  /** Above the heading: where the page belongs. */
  above?: ComponentChildren;
  /** Beside the heading. */
  actions?: ComponentChildren;
  /** Tables want the whole width; text does not. */
  width?: "text" | "table";
  children: ComponentChildren;
}

/** The frame of a page: its one h1, what belongs beside it, and the content. */
export function Page({ title, heading, above, actions, width = "table", children }: PageProps) {
  const ref = usePageTitle(title);
  return (
    <div class={`page page-${width}`}>
      <header class="page-head">
        <div>
          {above ? <p class="above">{above}</p> : null}
          <h1 ref={ref} tabIndex={-1}>
            {heading ?? title}
          </h1>
        </div>
        {actions ? <div class="actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}
