import { signal } from "@preact/signals";
import { readItem, writeItem } from "./storage.ts";

/** Single keys can be switched off, since they clash with speech input and some screen readers (WCAG 2.1.4). */
export const singleKeys = signal(readItem("single-keys") !== "off");

export function switchSingleKeys(on: boolean): void {
  singleKeys.value = on;
  writeItem("single-keys", on ? "on" : "off");
}

/** What a key means; pages with a meaning of their own for one handle it before. */
export type KeyAction =
  | { type: "help" }
  | { type: "search" }
  | { type: "go"; to: "home" | "problems" | "contests" | "submissions" | "me" }
  | { type: "row"; step: 1 | -1 };

const places = { h: "home", p: "problems", c: "contests", s: "submissions", m: "me" } as const;
const isPlace = (key: string): key is keyof typeof places => Object.hasOwn(places, key);

/**
 * What a key press means, given the key before it (`g` starts a jump), or null.
 * @param previous the single key pressed just before, or the empty string
 */
export function meaningOf(key: string, previous: string): KeyAction | null {
  if (previous === "g") return isPlace(key) ? { type: "go", to: places[key] } : null;
  switch (key) {
    case "?":
      return { type: "help" };
    case "/":
      return { type: "search" };
    case "j":
      return { type: "row", step: 1 };
    case "k":
      return { type: "row", step: -1 };
    default:
      return null;
  }
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/**
 * Listens for single keys on the whole page, never while somebody types or holds Ctrl, Alt or Meta.
 * @returns a function that stops listening
 */
export function listenForKeys(act: (action: KeyAction) => void): () => void {
  let previous = "";
  let pressedAt = 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!singleKeys.value || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const action = meaningOf(event.key, event.timeStamp - pressedAt < 1500 ? previous : "");
    previous = action ? "" : event.key;
    pressedAt = event.timeStamp;
    if (!action) return;
    event.preventDefault();
    act(action);
  };
  addEventListener("keydown", onKeyDown);
  return () => removeEventListener("keydown", onKeyDown);
}

/** Moves the focus to the first link of the next or previous row of the page's main list. */
export function focusRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-rows] tbody tr, [data-rows] > li")].flatMap(
    (row) => {
      const link = row.querySelector<HTMLElement>("a[href]");
      return link ? [link] : [];
    },
  );
  const here = links.findIndex((link) => link.closest("tr, li")?.contains(document.activeElement));
  const next = here === -1 ? (step === 1 ? 0 : links.length - 1) : here + step;
  links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
}

/** Scrolls to a row and gives it the focus. */
export function showRow(row: HTMLElement): void {
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center", inline: "nearest" });
}
