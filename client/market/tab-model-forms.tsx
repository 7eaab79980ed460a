import * as v from "valibot";
import { useState } from "preact/hooks";
import { TabModel } from "../../protocol/tab-model.ts";
import type { Weights } from "../../protocol/weights.ts";
import type { GgufFacts } from "../../rules/gguf-facts.ts";
import { ggufModel, usualContext } from "../../rules/gguf-model.ts";
import { ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import { parseJson } from "../json.ts";
import { useLoaded } from "../load.ts";
import { Waiting } from "../parts/await.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { NumberField } from "../parts/number-field.tsx";
import { ggufFactsOf } from "./gguf-range.ts";
import { setTabModel } from "./tab-model-table.tsx";

/** Makes a model of one GGUF file that is here. */
export function GgufForm({ weights, changed }: { weights: readonly Weights[]; changed: () => void }) {
  const ggufs = weights.filter(({ name }) => name.endsWith(".gguf"));
  const [asked, setAsked] = useState<string | null>(null);
  const chosen = ggufs.find(({ sha256 }) => sha256 === asked) ?? ggufs[0];
  return (
    <section class="card" aria-labelledby="new-gguf">
      <h2 id="new-gguf">{t("tabModels.newGguf")}</h2>
      <p class="soft">{t("tabModels.newGgufAbout")}</p>
      {chosen === undefined ? (
        <p class="empty">{t("tabModels.noGguf")}</p>
      ) : (
        <>
          <label class="field">
            {t("tabModels.weights")}
            <select value={chosen.sha256} onChange={(event) => setAsked(event.currentTarget.value)}>
              {ggufs.map(({ sha256, name }) => (
                <option key={sha256} value={sha256}>
                  {name} ({sha256.slice(0, 8)})
                </option>
              ))}
            </select>
          </label>
          <OfFile key={chosen.sha256} file={chosen} changed={changed} />
        </>
      )}
    </section>
  );
}

const nothing: GgufFacts = {
  name: null,
  architecture: "",
  quantisation: null,
  contextTokens: null,
  hasChatTemplate: false,
  bytesPerToken: null,
};

function OfFile({ file, changed }: { file: Weights; changed: () => void }) {
  const { loaded } = useLoaded(`facts of ${file.sha256}`, (signal) => ggufFactsOf(file.sha256, signal));
  if (loaded.state !== "ready") return <Waiting />;
  return (
    <>
      {loaded.value === null ? <Notice kind="warning">{t("tabModels.unreadable")}</Notice> : null}
      <GgufFields file={file} facts={loaded.value ?? nothing} changed={changed} />
    </>
  );
}

const GGUF_FIELDS = ["name", "quantisation", "contextTokens"];

/** `qwen3-8b` for `Qwen3 8B`. */
const nameFrom = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 100);

function GgufFields({ file, facts, changed }: { file: Weights; facts: GgufFacts; changed: () => void }) {
  const [added, setAdded] = useState<string | null>(null);
  const form = useForm(async (data) => {
    setAdded(null);
    const name = textOf(data, "name").trim();
    const quantisation = textOf(data, "quantisation").trim() || null;
    const made = ggufModel(name, file, { ...facts, quantisation }, Number(textOf(data, "contextTokens")));
    await setTabModel({ model: requireModel(made), enabled: true });
    setAdded(name);
    changed();
  });
  const { contextTokens } = facts;
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={GGUF_FIELDS} />
      {added === null ? null : <Notice kind="done">{t("tabModels.added", { name: added })}</Notice>}
      <Field name="name" label={t("tabModels.name")} hint={t("tabModels.nameHint")} errors={form.errors}>
        {(input) => (
          <input
            {...input}
            required
            maxLength={100}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            defaultValue={nameFrom(facts.name ?? file.name.replace(/\.gguf$/, ""))}
          />
        )}
      </Field>
      <Field
        name="quantisation"
        label={t("tabModels.quantisation")}
        hint={t("tabModels.quantisationHint")}
        errors={form.errors}
      >
        {(input) => (
          <input {...input} maxLength={40} autocomplete="off" defaultValue={facts.quantisation ?? ""} />
        )}
      </Field>
      <NumberField
        name="contextTokens"
        label={t("tabModels.contextTokens")}
        hint={`${t("tabModels.contextHint")} ${contextTokens === null ? "" : t("tabModels.trained", { count: contextTokens })}`.trim()}
        errors={form.errors}
        value={usualContext(facts)}
        min={1}
      />
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("tabModels.add")}
        </button>
      </p>
    </form>
  );
}

/** @throws ApiError as the server would, since a name must be known before anything can be asked for */
function requireModel(model: unknown): TabModel {
  const parsed = v.safeParse(TabModel, model);
  if (parsed.success) return parsed.output;
  const details = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "manifest"}: ${issue.message}`);
  throw new ApiError("invalid_request", "The model has fields that are missing or wrong.", details);
}

/** Takes a model as JSON: for web-llm, and for what the other form does not know. */
export function ManifestForm({ changed }: { changed: () => void }) {
  const [text, setText] = useState("");
  const [added, setAdded] = useState<string | null>(null);
  const form = useForm(async () => {
    setAdded(null);
    const pasted = parseJson(text);
    if (pasted === undefined)
      throw new ApiError("invalid_request", "This is no JSON.", [`manifest: ${t("tabModels.noJson")}`]);
    const model = requireModel(pasted);
    await setTabModel({ model, enabled: true });
    setAdded(model.name);
    setText("");
    changed();
  });
  return (
    <section class="card" aria-labelledby="new-manifest">
      <h2 id="new-manifest">{t("tabModels.newManifest")}</h2>
      <p class="soft">{t("tabModels.newManifestAbout")}</p>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["manifest"]} />
        {added === null ? null : <Notice kind="done">{t("tabModels.added", { name: added })}</Notice>}
        <Field name="manifest" label={t("tabModels.manifest")} errors={form.errors}>
          {(input) => (
            <textarea
              {...input}
              required
              rows={8}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("tabModels.add")}
          </button>
        </p>
      </form>
    </section>
  );
}
