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
  "/market/wishes": "market.wishes",
  "/market/providers": "market.providers",
  "/market/ledger": "market.ledger",
} as const;
const administratorsPlaces = {
  ...places,
  "/admin/market": "market.books",
  "/admin/aliases": "aliases.shared",
} as const;

/** The page of a model. Its slashes are encoded, as a name may have one beside another, or at its end. */
export const modelPath = (model: string): string => `/market/models/${encodeURIComponent(model)}`;

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
          <a
            key={href}
            href={href}
            aria-current={path === href ? "page" : path.startsWith(`${href}/models/`) ? "true" : undefined}
          >
            {t(name)}
          </a>
        ))}
      </nav>
      {children}
    </Page>
  );
}
