import { useRoute } from "preact-iso";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { Await } from "../parts/await.tsx";
import { ContestEditor } from "../parts/contest-editor.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { Rated } from "../parts/rated.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

export default function EditContest() {
  return (
    <SignedIn title={t("contest.edit")} only="organiser">
      {() => <Edit />}
    </SignedIn>
  );
}

function Edit() {
  const { params } = useRoute();
  const loading = useContest(params.slug ?? "");
  return (
    <Await loading={loading}>
      {(contest) => (
        <Page
          title={t("contest.edit")}
          width="text"
          above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
        >
          {contest.manages ? (
            <>
              <ContestEditor contest={contest} />
              <Rated slug={contest.slug} />
            </>
          ) : (
            <Notice kind="warning">{t("error.forbidden")}</Notice>
          )}
        </Page>
      )}
    </Await>
  );
}
