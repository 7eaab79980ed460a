import { signal } from "@preact/signals";
import { readItem, writeItem } from "./storage.ts";

/** Notifications outside of the page. The browser is asked for leave only when the reader presses the button for it. */

/** `unknown` where the reader was never asked; `denied` also where the browser has none. */
export type NotificationLeave = "unknown" | "granted" | "denied";

const WANTED = "notifications";

/** Leave that the browser gave another page of the site is none for this: who wants them presses the button. */
function leaveNow(): NotificationLeave {
  const permission = globalThis.Notification?.permission ?? "denied";
  if (permission === "denied") return "denied";
  return permission === "granted" && readItem(WANTED) === "wanted" ? "granted" : "unknown";
}

export const notificationLeave = signal<NotificationLeave>(leaveNow());

/** To be called by a button only: browsers refuse pages that ask by themselves. */
export async function askForNotifications(): Promise<void> {
  if ((await globalThis.Notification?.requestPermission()) === "granted") writeItem(WANTED, "wanted");
  notificationLeave.value = leaveNow();
}

/** Shows something outside of the page, if the reader wants that and does not look at the page. */
export function notify(title: string, body: string, path: string): void {
  if (notificationLeave.value !== "granted" || document.visibilityState === "visible") return;
  try {
    // Several pages that are open tell the same thing once.
    const shown = new Notification(title, { body, tag: `${path} ${body}` });
    shown.addEventListener("click", () => {
      globalThis.focus();
      shown.close();
    });
  } catch {
    // Browsers on phones have the class and refuse to make one; the page itself tells it too.
  }
}
