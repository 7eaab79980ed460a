import * as v from "valibot";
import { useState } from "preact/hooks";
import { ModelName } from "../../../protocol/offer.ts";
import { bytes } from "../../format.ts";
import { fieldErrors } from "../../field-errors.ts";
import { t } from "../../i18n.ts";
import { Field, type FieldInput } from "../../parts/field.tsx";
import { EngineFault } from "../engine-fault.ts";
import type { PickedModel } from "../picked-model.ts";
import type { Choice, Desk } from "./desk.ts";
import { canServe, type Device, fitOf } from "./device.ts";

const MIN_CONTEXT = 64;
const MAX_CONTEXT = 1_000_000;

/** What was picked, served under a name that consumers ask for. */
export const ownChoice = ({ model, files }: PickedModel, name: string, contextTokens: number): Choice => ({
  model: { ...model, name, contextTokens },
  weights: { from: "device", files },
});

interface FilesProps {
  input?: FieldInput;
  /** Told of what was picked; null for what is no model. */
  pick: (picked: PickedModel | null) => void;
}

/** Picks a model of this device: one file, or all its parts. */
export function ModelFiles({ input, pick }: FilesProps) {
  const look = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    try {
      const { pickedModel } = await import("../picked-model.ts");
      pick(await pickedModel(files));
    } catch (thrown) {
      if (!(thrown instanceof EngineFault)) throw thrown;
      pick(null);
    }
  };
  return (
    <input
      {...input}
      type="file"
      accept=".gguf"
      multiple
      required
      onChange={(event) => void look([...(event.currentTarget.files ?? [])])}
    />
  );
}

/** A model of one's own: a file in GGUF of this device, which is read here alone. */
export function OwnFile({ desk, device }: { desk: Desk; device: Device }) {
  const [picked, setPicked] = useState<PickedModel | null>(null);
  const [name, setName] = useState("");
  const [context, setContext] = useState("");
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const pick = (found: PickedModel | null): void => {
    setPicked(found);
    setWrong(found === null ? [`file: ${t("provide.fault.unknown_model")}`] : []);
    // Reading takes a moment, in which a name may have been typed.
    const before = picked?.model.name ?? "";
    setName((typed) => (typed === before ? (found?.model.name ?? "") : typed));
    setContext(found === null ? "" : String(found.model.contextTokens));
  };
  const load = (event: SubmitEvent): void => {
    event.preventDefault();
    if (picked === null) return;
    if (!v.is(ModelName, name.trim())) return setWrong([`name: ${t("provide.wrongName")}`]);
    setWrong([]);
    const choice = ownChoice(picked, name.trim(), Number(context));
    desk.load(choice, choice.model.contextTokens);
  };
  const errors = fieldErrors(wrong);
  const fit = picked === null ? "fits" : fitOf(picked.model, device);
  const size = (picked?.files ?? []).reduce((sum, file) => sum + file.size, 0);
  return (
    <details>
      <summary>{t("provide.ownFile")}</summary>
      <form class="form own-file" onSubmit={load}>
        <Field name="file" label={t("provide.file")} hint={t("provide.ownFileHint")} errors={errors}>
          {(input) => <ModelFiles input={input} pick={pick} />}
        </Field>
        <div class="field-row">
          <Field name="name" label={t("provide.modelName")} hint={t("provide.modelNameHint")} errors={errors}>
            {(input) => (
              <input
                {...input}
                required
                maxLength={100}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field name="context" label={t("provide.contextTokens")} errors={errors}>
            {(input) => (
              <input
                {...input}
                type="number"
                required
                min={MIN_CONTEXT}
                max={MAX_CONTEXT}
                value={context}
                onInput={(event) => setContext(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <p class="actions">
          <button disabled={picked === null || !canServe(fit)}>
            {picked === null ? t("provide.load") : t("provide.loadFile", { size: bytes(size) })}
          </button>
          {fit === "fits" ? null : <span class="hint">{t(`provide.fit.${fit}`)}</span>}
        </p>
      </form>
    </details>
  );
}
