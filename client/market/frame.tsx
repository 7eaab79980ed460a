import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { t } from "../i18n.ts";
import "../locales/market.ts";
import { Page } from "../parts/page.tsx";
import { account } from "../session.ts";

const places = {
  "/market": "market.models",
  "/market/requests": "market.requests",
  "/market/keys": "market.keys",
  "/market/providers": "market.providers",
  "/market/ledger": "market.ledger",
} as const;
const administratorsPlaces = { ...places, "/admin/market": "market.books" } as const;

interface Props {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** One of the market's pages, with the way to the others. */
export function MarketPage({ title, actions, children }: Props) {
  const { path } = useLocation();
  const seen = account.value?.role === "administrator" ? administratorsPlaces : places;
  return (
    <Page title={`${title} · ${t("nav.market")}`} heading={title} actions={actions}>
      <nav class="jury-nav" aria-label={t("nav.market")}>
        {Object.entries(seen).map(([href, name]) => (
          <a key={href} href={href} aria-current={path === href ? "page" : undefined}>
            {t(name)}
          </a>
        ))}
      </nav>
      {children}
    </Page>
  );
}
