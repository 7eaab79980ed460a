import { useState } from "preact/hooks";
import { SharedAliases } from "../../protocol/api-key.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { wishErrors } from "../market/wishes-complaints.ts";
import { AliasFields, aliasesOf, aliasNames, useAliases } from "../market/alias-fields.tsx";
import { MarketPage } from "../market/frame.tsx";
import { Await } from "../parts/await.tsx";
import { FormError, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

const PATH = "/api/market/aliases";

export default function AdminAliases() {
  return (
    <SignedIn title={t("aliases.shared")} only="administrator">
      {() => <Aliases />}
    </SignedIn>
  );
}

/** The names for models that hold for every account. */
function Aliases() {
  const loading = useLoaded(PATH, (signal) => request(SharedAliases, PATH, { signal }));
  return (
    <Await loading={loading}>
      {(shared) => (
        <MarketPage title={t("aliases.shared")}>
          <p>{t("aliases.sharedAbout")}</p>
          <AliasForm before={shared} />
        </MarketPage>
      )}
    </Await>
  );
}

function AliasForm({ before }: { before: SharedAliases }) {
  const aliases = useAliases(before.aliases);
  const [saved, setSaved] = useState(false);
  const form = useForm(async () => {
    setSaved(false);
    await request(SharedAliases, PATH, { method: "PUT", body: { aliases: aliasesOf(aliases) } });
    setSaved(true);
  });
  const errors = wishErrors(form.errors);
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={{ ...form, errors }} fields={aliasNames(aliases)} />
      {saved ? <Notice kind="done">{t("wishes.saved")}</Notice> : null}
      <AliasFields aliases={aliases} errors={errors} />
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("wishes.save")}
        </button>
      </p>
    </form>
  );
}
