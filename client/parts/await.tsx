import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { errorText, type ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import type { Loading } from "../load.ts";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

/** Something is being loaded. It says nothing for the first moment: a flash of "loading" only disturbs. */
export function Waiting() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return <output class="waiting">{shown ? t("page.loading") : ""}</output>;
}

/** A page's data could not be had: why, and one button to try again. */
export function Failure({ error, retry }: { error: ApiError; retry: () => void }) {
  const title = error.code === "not_found" ? t("notFound.title") : t("page.failed");
  return (
    <Page title={title} width="text">
      <Notice kind="error">{errorText(error)}</Notice>
      <p class="actions">
        <button type="button" onClick={retry}>
          {t("action.retry")}
        </button>
        <a href="/">{t("nav.home")}</a>
      </p>
    </Page>
  );
}

/** For a part of a page whose data could not be had. */
export function LoadError<T>({ loading }: { loading: Loading<T> }) {
  if (loading.loaded.state !== "failed") return null;
  return (
    <Notice kind="error">
      {errorText(loading.loaded.error)}{" "}
      <button type="button" class="small" onClick={loading.reload}>
        {t("action.retry")}
      </button>
    </Notice>
  );
}

/** Draws a whole page as soon as its data is there. */
export function Await<T>({
  loading,
  children,
}: {
  loading: Loading<T>;
  children: (value: T) => ComponentChildren;
}) {
  const { loaded, reload } = loading;
  switch (loaded.state) {
    case "loading":
      return <Waiting />;
    case "failed":
      return <Failure error={loaded.error} retry={reload} />;
    case "ready":
      return <>{children(loaded.value)}</>;
    default:
      return loaded satisfies never;
  }
}
