import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Tab<Id extends string> {
  id: Id;
  label: ComponentChildren;
  content: ComponentChildren;
}

interface Props<Id extends string> {
  label: string;
  tabs: readonly Tab<Id>[];
  selected: Id;
  select: (id: Id) => void;
}

/** Tabs as in the ARIA Authoring Practices: one tab stop, arrow keys move and select. */
export function Tabs<Id extends string>({ label, tabs, selected, select }: Props<Id>) {
  const base = useId();
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const here = tabs.findIndex((tab) => tab.id === selected);
    const next = tabs[(here + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    select(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} onKeyDown={move} tabIndex={-1}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${base}-${tab.id}`}
            aria-selected={tab.id === selected}
            aria-controls={`${base}-${tab.id}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => select(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          class="tab-panel"
          role="tabpanel"
          id={`${base}-${tab.id}-panel`}
          aria-labelledby={`${base}-${tab.id}`}
          hidden={tab.id !== selected}
          tabIndex={0}
        >
          {tab.id === selected ? tab.content : null}
        </div>
      ))}
    </div>
  );
}
