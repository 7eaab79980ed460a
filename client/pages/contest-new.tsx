import { t } from "../i18n.ts";
import { ContestEditor } from "../parts/contest-editor.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

export default function NewContest() {
  return (
    <SignedIn title={t("contests.new")} only="organiser">
      {() => (
        <Page title={t("contests.new")} width="text" above={<a href="/contests">{t("nav.contests")}</a>}>
          <ContestEditor contest={null} />
        </Page>
      )}
    </SignedIn>
  );
}
