import { computed, effect, signal } from "@preact/signals";
import { SessionView, type Account, type SignIn, type SignUp } from "../protocol/account.ts";
import { Nothing, request } from "./api.ts";
import { observeServerTime } from "./clock.ts";
import { backoffMs } from "./live.ts";
import { away, pauseOffline } from "./network.ts";

/** Null until the server has said who is signed in. */
const session = signal<SessionView | null>(null);

/** Whether it is known yet who is signed in. */
export const sessionKnown = computed(() => session.value !== null);

/** The signed-in account, or null. */
export const account = computed<Account | null>(() => session.value?.account ?? null);

/** Whether the signed-in account may import problems and hold contests. */
export const organises = computed(() => account.value !== null && account.value.role !== "member");

function accept(view: SessionView): void {
  observeServerTime(view.now);
  show(view);
}

/** What was kept for somebody else is not for this reader. The service worker sees to it too; but a page may be without one. */
function show(view: SessionView): void {
  const before = session.value?.account ?? null;
  session.value = view;
  if (before !== null && before.id !== view.account?.id) void forgetAccount();
}

const forgetAccount = async (): Promise<void> => (await import("./forget-account.ts")).forgetAccount();

let asking: Promise<void> | null = null;

/**
 * Asks who is signed in, until the server has said so. While it cannot be reached the page is drawn as for whoever was signed in
 * when it last could, else as for a stranger.
 */
export function loadSession(): Promise<void> {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(): Promise<void> {
  for (let attempt = 0; !(await isTold()); attempt++) {
    await pauseOffline(backoffMs(attempt, Math.random(), 1000));
  }
}

/** @returns whether it was the server that told, and not a kept copy */
async function isTold(): Promise<boolean> {
  let kept = false;
  try {
    const view = await request(SessionView, "/api/session", { onKept: () => (kept = true) });
    // A kept copy's time is long past, and says nothing of what a newer answer has said.
    if (!kept) accept(view);
    else if (session.value === null) show(view);
  } catch {
    session.value ??= { account: null, now: Date.now() };
    return false;
  }
  return !kept;
}

// Asking on is also how it is found out that the site can be reached again.
effect(() => {
  if (away.value) void loadSession();
});

export async function signIn(form: SignIn): Promise<void> {
  accept(await request(SessionView, "/api/session", { method: "POST", body: form }));
}

export async function signUp(form: SignUp): Promise<void> {
  accept(await request(SessionView, "/api/accounts", { method: "POST", body: form }));
}

export async function signOut(): Promise<void> {
  await request(Nothing, "/api/session", { method: "DELETE" });
  await forgetAccount();
  if (session.value) session.value = { ...session.value, account: null };
}
