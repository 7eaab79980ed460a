import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";

/** Copies a text; says for a moment that it did, or that the browser refused. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [told, setTold] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), 2000);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = (): void => {
    const written =
      globalThis.navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard here"));
    written.then(
      () => setTold("copied"),
      () => setTold("refused"),
    );
  };
  return (
    <button type="button" class="small" onClick={copy} aria-label={label}>
      <Icon name={told === "copied" ? "check" : "copy"} />
      <output>{told === null ? t("action.copy") : t(`copy.${told}`)}</output>
    </button>
  );
}
