import type { ComponentChildren } from "preact";
import type { ContestView } from "../../protocol/contest.ts";
import { t } from "../i18n.ts";
import { Page } from "./page.tsx";
import "../locales/print.ts";

interface Props {
  contest: ContestView;
  heading: string;
  /** What is chosen before printing; it is not on the paper. */
  choice?: ComponentChildren;
  children: ComponentChildren;
}

/** A page whose sheets (`.sheet`) are what comes out on paper; all else of it stays on the screen. */
export function PrintPage({ contest, heading, choice, children }: Props) {
  return (
    <div class="print-page">
      <Page
        title={t("print.titleOf", { what: heading, contest: contest.name })}
        heading={heading}
        above={
          <>
            <a href={`/contests/${contest.slug}`}>{contest.name}</a> ·{" "}
            <a href={`/contests/${contest.slug}/print`}>{t("print.title")}</a>
          </>
        }
        actions={
          <>
            {choice}
            <button type="button" class="primary" onClick={() => window.print()}>
              {t("print.print")}
            </button>
          </>
        }
      >
        {children}
      </Page>
    </div>
  );
}
