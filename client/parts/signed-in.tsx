import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import type { Account } from "../../protocol/account.ts";
import { t } from "../i18n.ts";
import { account, sessionKnown } from "../session.ts";
import { Waiting } from "./await.tsx";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";
import { WaitingForOthers } from "./waiting-for-others.tsx";

/** Where to sign in and then come back to this page. */
export function signInPath(url: string): string {
  return `/sign-in?next=${encodeURIComponent(url)}`;
}

/**
 * Where `?next=` of the sign-in page leads: a path of this site, or the home page.
 * Anything that a browser might read as another origin (`//host`, `/\host`) is refused.
 */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}

interface SignedInProps {
  title: string;
  /** Who may see the page; everybody who is signed in when left out. The server decides again on every request. */
  only?: "organiser" | "administrator";
  children: (me: Account) => ComponentChildren;
}

/** Draws a page only for those it is for. */
export function SignedIn({ title, only, children }: SignedInProps) {
  const { url } = useLocation();
  const me = account.value;
  if (!sessionKnown.value) return <Waiting />;
  if (!me) {
    return (
      <Page title={title} width="text">
        <Notice kind="info">{t("signIn.needed")}</Notice>
        <WaitingForOthers />
        <p class="actions">
          <a class="button primary" href={signInPath(url)}>
            {t("signIn.title")}
          </a>
          <a href="/sign-up">{t("signUp.title")}</a>
        </p>
      </Page>
    );
  }
  const allowed = only === undefined || me.role === "administrator" || me.role === only;
  if (allowed) return <>{children(me)}</>;
  return (
    <Page title={title} width="text">
      <Notice kind="warning">{t("error.forbidden")}</Notice>
    </Page>
  );
}
