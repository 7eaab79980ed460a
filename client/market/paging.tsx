import { t } from "../i18n.ts";

interface Props {
  /** The page's address without `before`. */
  path: string;
  /** What the page that is shown was asked for as `before`; "" for the newest. */
  before: string;
  /** What to ask for as `before` for those that follow. */
  next: string | number | null;
}

/** From one part of a long list to the next, by links: each part has an address. */
export function Paging({ path, before, next }: Props) {
  const separator = path.includes("?") ? "&" : "?";
  if (before === "" && next === null) return null;
  return (
    <p class="actions">
      {before === "" ? null : <a href={path}>{t("jury.newest")}</a>}
      {next === null ? null : (
        <a class="button" href={`${path}${separator}before=${encodeURIComponent(next)}`}>
          {t("jury.older")}
        </a>
      )}
    </p>
  );
}
