import { computed, signal } from "@preact/signals";
import { SessionView, type Account, type SignIn, type SignUp } from "../protocol/account.ts";
import { Nothing, request } from "./api.ts";
import { observeServerTime } from "./clock.ts";
import { backoffMs } from "./live.ts";

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
  session.value = view;
}

/**
 * Asks who is signed in. While the server cannot be reached the page is drawn as for a stranger, and it is asked again.
 */
export async function loadSession(attempt = 0): Promise<void> {
  try {
    accept(await request(SessionView, "/api/session"));
  } catch {
    session.value ??= { account: null, now: Date.now() };
    await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, Math.random(), 1000)));
    await loadSession(attempt + 1);
  }
}

export async function signIn(form: SignIn): Promise<void> {
  accept(await request(SessionView, "/api/session", { method: "POST", body: form }));
}

export async function signUp(form: SignUp): Promise<void> {
  accept(await request(SessionView, "/api/accounts", { method: "POST", body: form }));
}

export async function signOut(): Promise<void> {
  await request(Nothing, "/api/session", { method: "DELETE" });
  if (session.value) session.value = { ...session.value, account: null };
}
