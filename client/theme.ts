import { signal } from "@preact/signals";
import { readItem, writeItem } from "./storage.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const stored = readItem("theme");
export const theme = signal<Theme>(themes.find((name) => name === stored) ?? "system");

/** Switches the theme and remembers it; first-paint.js reads it on the next visit. */
export function switchTheme(next: Theme): void {
  theme.value = next;
  writeItem("theme", next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
