import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: string;
  /** What the server found wrong with any of them. */
  wrong: readonly string[];
  children: ComponentChildren;
}

/** Inputs that are one field of the request's schema together. */
export function FieldGroup({ label, hint, wrong, children }: Props) {
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={wrong.length > 0 ? `${id}-wrong` : undefined}>
      <legend>{label}</legend>
      {hint === undefined ? null : <p class="hint">{hint}</p>}
      {children}
      {wrong.length === 0 ? null : (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong.join(" · ")}
        </p>
      )}
    </fieldset>
  );
}
