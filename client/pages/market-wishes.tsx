import { useState } from "preact/hooks";
import { AccountWishes } from "../../protocol/api-key.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { wishErrors } from "../market/wishes-complaints.ts";
import { AliasFields, aliasesOf, aliasNames, useAliases } from "../market/alias-fields.tsx";
import { MarketPage } from "../market/frame.tsx";
import { WISHES, WishesFields, wishesOf } from "../market/wishes-fields.tsx";
import { Await } from "../parts/await.tsx";
import { FormError, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

export default function MarketWishes() {
  return <SignedIn title={t("market.wishes")}>{() => <Wishes />}</SignedIn>;
}

/** What holds for all requests of the reader's account. */
function Wishes() {
  const loading = useLoaded("/api/wishes", (signal) => request(AccountWishes, "/api/wishes", { signal }));
  return (
    <Await loading={loading}>
      {(standing) => (
        <MarketPage title={t("market.wishes")}>
          <WishesForm before={standing} />
        </MarketPage>
      )}
    </Await>
  );
}

function WishesForm({ before }: { before: AccountWishes }) {
  const aliases = useAliases(before.aliases);
  const [saved, setSaved] = useState(false);
  const form = useForm(async (data) => {
    setSaved(false);
    const body = { wishes: wishesOf(data, before.wishes), aliases: aliasesOf(aliases) };
    await request(AccountWishes, "/api/wishes", { method: "PUT", body });
    setSaved(true);
  });
  const errors = wishErrors(form.errors);
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={{ ...form, errors }} fields={[...WISHES, ...aliasNames(aliases)]} />
      {saved ? <Notice kind="done">{t("wishes.saved")}</Notice> : null}
      <section class="form" aria-labelledby="wishes">
        <h2 id="wishes">{t("wishes.title")}</h2>
        <p>{t("wishes.about")}</p>
        <WishesFields wishes={before.wishes} errors={errors} />
      </section>
      <section class="form" aria-labelledby="aliases">
        <h2 id="aliases">{t("aliases.title")}</h2>
        <p>{t("aliases.about")}</p>
        <AliasFields aliases={aliases} errors={errors} />
      </section>
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("wishes.save")}
        </button>
      </p>
    </form>
  );
}
