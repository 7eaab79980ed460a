import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { t, locale, localeIds, locales, switchLocale } from "../i18n.ts";
import { focusRow, listenForKeys, showRow, type KeyAction } from "../keys.ts";
import { away } from "../network.ts";
import { account, organises, sessionKnown } from "../session.ts";
import { feedHeardAt, feedState, waiting } from "../submissions.ts";
import { switchTheme, theme, themes, type Theme } from "../theme.ts";
import { Help } from "./help.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { LiveDot, OutdatedNotice } from "./live-dot.tsx";

const paths = {
  home: "/",
  problems: "/problems",
  contests: "/contests",
  submissions: "/submissions",
  me: "/account",
};

interface NavLinkProps {
  href: string;
  /** The part of the site that the link stands for, where that is more than what is below `href`. */
  part?: string;
  /** A page elsewhere that belongs to it too. */
  also?: string;
  icon: IconName;
  children: ComponentChildren;
}

function NavLink({ href, part = href, also, icon, children }: NavLinkProps) {
  const { path } = useLocation();
  const here = href === "/" ? path === "/" : path === part || path === also || path.startsWith(`${part}/`);
  return (
    <a href={href} aria-current={here ? "page" : undefined}>
      <Icon name={icon} />
      <span>{children}</span>
    </a>
  );
}

function Navigation() {
  const me = account.value;
  return (
    <nav class="site-nav" aria-label={t("nav.main")}>
      <NavLink href="/problems" icon="list">
        {t("nav.problems")}
      </NavLink>
      <NavLink href="/contests" icon="cup">
        {t("nav.contests")}
      </NavLink>
      {me ? (
        <NavLink href="/submissions" icon="tray">
          {t("nav.submissions")}
        </NavLink>
      ) : null}
      <NavLink href="/market" also="/admin/market" icon="chip">
        {t("nav.market")}
      </NavLink>
      {organises.value ? (
        <NavLink href="/organise/problems" part="/organise" icon="plus">
          {t("nav.organise")}
        </NavLink>
      ) : null}
      {me?.role === "administrator" ? (
        <NavLink href="/admin/accounts" icon="person">
          {t("nav.accounts")}
        </NavLink>
      ) : null}
    </nav>
  );
}

const themeIcons: Record<Theme, IconName> = { system: "halves", light: "sun", dark: "moon" };

function ThemeButton() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "system";
  const label = t("theme.button", { theme: t(`theme.${theme.value}`) });
  return (
    <button
      type="button"
      class="quiet icon-button"
      aria-label={label}
      title={label}
      onClick={() => switchTheme(next)}
    >
      <Icon name={themeIcons[theme.value]} />
    </button>
  );
}

function LanguageSelect() {
  return (
    <select
      class="quiet"
      aria-label={t("language.label")}
      value={locale.value}
      onChange={(event) => {
        const chosen = localeIds.find((id) => id === event.currentTarget.value);
        if (chosen) void switchLocale(chosen);
      }}
    >
      {localeIds.map((id) => (
        <option key={id} value={id} lang={id}>
          {locales[id]}
        </option>
      ))}
    </select>
  );
}

function Who() {
  const me = account.value;
  if (!sessionKnown.value) return null;
  if (!me) {
    return (
      <a class="button" href="/sign-in">
        {t("signIn.title")}
      </a>
    );
  }
  return (
    <a class="who" href="/account">
      <Icon name="person" />
      <span>{me.displayName}</span>
    </a>
  );
}

/** The site is away, or something still waits to be sent to it: what that means is told on the page that it leads to. */
function OfflineDot() {
  const refused = waiting.value.filter(({ refusal }) => refusal !== null).length;
  const left = waiting.value.length - refused;
  return (
    <a
      class={`live-dot offline-dot ${away.value ? "live-offline" : ""}`}
      href={refused > 0 ? "/submissions" : "/offline"}
      title={t("offline.awayLong")}
    >
      <span class="dot" aria-hidden="true" />
      <output>
        {[
          refused > 0 ? t("outbox.refusedCount", { count: refused }) : "",
          left > 0 ? t("outbox.count", { count: left }) : "",
          away.value ? t("offline.away") : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </output>
    </a>
  );
}

function act(action: KeyAction, route: (url: string) => void, openHelp: () => void): void {
  switch (action.type) {
    case "help":
      return openHelp();
    case "search": {
      const field = document.querySelector<HTMLElement>("input[type=search]");
      if (field) return field.focus();
      return route("/problems#search");
    }
    case "go": {
      // On a scoreboard "me" is one's own row.
      const own = action.to === "me" ? document.querySelector<HTMLElement>("[data-me]") : null;
      return own ? showRow(own) : route(paths[action.to]);
    }
    case "row":
      return focusRow(action.step);
    default:
      return action satisfies never;
  }
}

/** What every page has around it: skip link, navigation, language, theme, account, key help. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { route } = useLocation();
  const [help, setHelp] = useState(false);
  useEffect(() => listenForKeys((action) => act(action, route, () => setHelp(true))), [route]);
  const feed = feedState.value;
  return (
    <>
      <a class="skip" href="#content">
        {t("nav.skip")}
      </a>
      <header class="site-head">
        <a class="brand" href="/">
          <Mark />
          Tabarena
        </a>
        <Navigation />
        <div class="site-tools">
          {away.value || waiting.value.length > 0 ? (
            <OfflineDot />
          ) : feed && feed !== "live" && feed !== "connecting" ? (
            <LiveDot state={feed} heardAt={feedHeardAt.value} />
          ) : null}
          <button
            type="button"
            class="quiet icon-button help-button"
            aria-label={t("help.title")}
            title={t("help.title")}
            onClick={() => setHelp(true)}
          >
            ?
          </button>
          <LanguageSelect />
          <ThemeButton />
          <Who />
        </div>
      </header>
      {feed === "outdated" ? <OutdatedNotice /> : null}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      {help ? <Help close={() => setHelp(false)} /> : null}
    </>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d="M3 5h18M12 5v7" />
      <path class="mark-check" d="m7 15.5 4 4L19 11" />
    </svg>
  );
}
