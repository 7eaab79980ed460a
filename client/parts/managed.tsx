import type { ComponentChildren } from "preact";
import type { ContestView } from "../../protocol/contest.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { Await } from "./await.tsx";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";
import { SignedIn } from "./signed-in.tsx";

interface Props {
  slug: string;
  title: string;
  children: (contest: ContestView) => ComponentChildren;
}

/** Draws a page of a contest's jury only for its jury, to which those belong who manage it. The server decides again on every request. */
export function Managed({ slug, title, children }: Props) {
  return (
    <SignedIn title={title}>
      {() => (
        <Contest slug={slug} title={title}>
          {children}
        </Contest>
      )}
    </SignedIn>
  );
}

function Contest({ slug, title, children }: Props) {
  const loading = useContest(slug);
  return (
    <Await loading={loading}>
      {(contest) =>
        contest.isJury ? (
          children(contest)
        ) : (
          <Page title={title} width="text">
            <Notice kind="warning">{t("error.forbidden")}</Notice>
          </Page>
        )
      }
    </Await>
  );
}
