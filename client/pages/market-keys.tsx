import { useState } from "preact/hooks";
import { ApiKeyList, type NewApiKey } from "../../protocol/api-key.ts";
import { ApiKeySecret, MAX_KEYS } from "../../protocol/market.ts";
import { ANY_ORIGIN } from "../../protocol/web-origin.ts";
import { Nothing, request } from "../api.ts";
import { useAct } from "../act.ts";
import type * as v from "valibot";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { MarketPage } from "../market/frame.tsx";
import { namesIn } from "../market/names.ts";
import { wishErrors } from "../market/wishes-complaints.ts";
import { Await } from "../parts/await.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { later } from "../parts/later.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { SecretDialog } from "../parts/secret.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

type Key = ApiKeyList["keys"][number];

export default function MarketKeys() {
  return <SignedIn title={t("market.keys")}>{() => <Keys />}</SignedIn>;
}

/** The reader's own keys, with which programs ask in their name. */
function Keys() {
  const loading = useLoaded("/api/keys", (signal) => request(ApiKeyList, "/api/keys", { signal }));
  return (
    <Await loading={loading}>
      {({ keys }) => (
        <MarketPage title={t("market.keys")}>
          <p>{t("keys.about")}</p>
          {keys.length === 0 ? (
            <p class="empty">{t("keys.none")}</p>
          ) : (
            <KeyTable keys={keys} reload={loading.reload} />
          )}
          {keys.length < MAX_KEYS ? (
            <NewKeyForm reload={loading.reload} />
          ) : (
            <p class="hint">{t("keys.tooMany", { count: MAX_KEYS })}</p>
          )}
        </MarketPage>
      )}
    </Await>
  );
}

function KeyTable({ keys, reload }: { keys: readonly Key[]; reload: () => void }) {
  return (
    <TableScroll label={t("market.keys")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("keys.name")}</th>
            <th scope="col">{t("keys.ending")}</th>
            <th scope="col">{t("keys.origins")}</th>
            <th scope="col">{t("keys.wishes")}</th>
            <th scope="col">{t("keys.created")}</th>
            <th scope="col">{t("keys.used")}</th>
            <th scope="col">
              {t("keys.edit")} · {t("keys.revoke")}
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row" class="named">
                {key.name}
              </th>
              <td>
                <code>…{key.hint}</code>
              </td>
              <td>
                <OriginsOf {...key} />
              </td>
              <td>{Object.keys(key.wishes).join(", ") || t("keys.noWishes")}</td>
              <td class="nowrap">
                <When at={key.createdAt} />
              </td>
              <td class="nowrap">{key.usedAt === null ? t("keys.neverUsed") : <When at={key.usedAt} />}</td>
              <td class="nowrap">
                <Edit of={key} reload={reload} /> <Revoke of={key} reload={reload} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** From which sites' pages browsers may use a key. */
function OriginsOf({ origins }: Pick<Key, "origins">) {
  if (origins.length === 0) return t("keys.noOrigins");
  if (origins.includes(ANY_ORIGIN)) return t("keys.anyOrigin");
  return origins.map((origin) => (
    <div key={origin}>
      <code>{origin}</code>
    </div>
  ));
}

const KeyDialog = later(async () => (await import("../market/key-dialog.tsx")).KeyDialog);

function Edit({ of: key, reload }: { of: Key; reload: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="small"
        aria-label={t("keys.editOf", { name: key.name })}
        onClick={() => setOpen(true)}
      >
        {t("keys.edit")}
      </button>
      {open ? <KeyDialog of={key} saved={reload} close={() => setOpen(false)} /> : null}
    </>
  );
}

function Revoke({ of: { id, name }, reload }: { of: Key; reload: () => void }) {
  const act = useAct();
  const [asked, setAsked] = useState(false);
  const revoke = (): Promise<boolean> =>
    act.run(async () => {
      await request(Nothing, `/api/keys/${id}`, { method: "DELETE" });
      reload();
    });
  return (
    <>
      <button
        type="button"
        class="small danger"
        aria-label={t("keys.revokeOf", { name })}
        onClick={() => {
          act.forget();
          setAsked(true);
        }}
      >
        {t("keys.revoke")}
      </button>
      {asked ? (
        <Confirm
          title={t("keys.revokeSure", { name })}
          label={t("keys.revoke")}
          danger
          busy={act.busy}
          error={act.error}
          act={() => void revoke().then((done) => done && setAsked(false))}
          close={() => setAsked(false)}
        >
          <p>{t("keys.revokeConsequence")}</p>
        </Confirm>
      ) : null}
    </>
  );
}

function NewKeyForm({ reload }: { reload: () => void }) {
  const [made, setMade] = useState<ApiKeySecret | null>(null);
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const form = useForm(async (data) => {
    const body: v.InferInput<typeof NewApiKey> = {
      name: textOf(data, "name"),
      origins: namesIn(textOf(data, "origins")),
    };
    setMade(await request(ApiKeySecret, "/api/keys", { method: "POST", body }));
    setName("");
    setOrigins("");
    reload();
  });
  const errors = wishErrors(form.errors);
  return (
    <section aria-labelledby="new-key" class="card">
      <h2 id="new-key">{t("keys.new")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={{ ...form, errors }} fields={["name", "origins"]} />
        <Field name="name" label={t("keys.name")} hint={t("keys.newHint")} errors={errors}>
          {(input) => (
            <input
              {...input}
              required
              maxLength={80}
              autocomplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field name="origins" label={t("keys.originsLabel")} hint={t("keys.originsHint")} errors={errors}>
          {(input) => (
            <textarea
              {...input}
              rows={2}
              spellcheck={false}
              autocomplete="off"
              placeholder="https://app.example.com"
              value={origins}
              onInput={(event) => setOrigins(event.currentTarget.value)}
            />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("keys.create")}
          </button>
        </p>
      </form>
      {made === null ? null : (
        <SecretDialog
          title={t("keys.secretOf", { name: made.name })}
          warning={t("keys.secretOnce")}
          secret={made.secret}
          copySecret={t("keys.copySecret")}
          use={t("keys.toUse")}
          command={`export TABARENA_API_KEY=${made.secret}`}
          copyCommand={t("keys.copyCommand")}
          close={() => setMade(null)}
        />
      )}
    </section>
  );
}
