import { formatCredits } from "../../protocol/money.ts";
import { type ProviderWishes, writtenWishes } from "../../protocol/provider-wishes.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import "../locales/wishes.ts";
import { Field, textOf } from "../parts/field.tsx";
import { namesIn } from "./names.ts";

/** The fields of the request that the inputs below are for. */
export const WISHES = [
  "wishes.only",
  "wishes.ignore",
  "wishes.max_price.prompt",
  "wishes.max_price.completion",
  "wishes.min_tokens_per_second",
  "wishes.sort",
] as const;

const FALLBACKS = "wishes.allow_fallbacks";

const sorts = ["price", "throughput", "latency"] as const;

/** What somebody always wishes of providers, as a plain form. What only the API sets is told, and stays as it is. */
export function WishesFields({ wishes, errors }: { wishes: ProviderWishes; errors: FieldErrors }) {
  const { only = [], ignore = [], max_price: price, min_tokens_per_second: speed, sort } = wishes;
  const names = (name: (typeof WISHES)[number], label: string, value: readonly string[]) => (
    <Field name={name} label={label} hint={t("wishes.namesHint")} errors={errors}>
      {(input) => <input {...input} autocomplete="off" spellcheck={false} defaultValue={value.join(", ")} />}
    </Field>
  );
  const most = (name: (typeof WISHES)[number], label: string, value: number | undefined) => (
    <Field name={name} label={label} hint={t("wishes.priceHint")} errors={errors}>
      {(input) => (
        <input
          {...input}
          autocomplete="off"
          inputMode="decimal"
          maxLength={40}
          defaultValue={value === undefined ? "" : formatCredits(value)}
        />
      )}
    </Field>
  );
  const others = Object.keys(othersOf(wishes));
  return (
    <>
      {names("wishes.only", t("wishes.only"), only)}
      {names("wishes.ignore", t("wishes.ignore"), ignore)}
      <div class="field-row">
        {most("wishes.max_price.prompt", t("wishes.pricePrompt"), price?.prompt)}
        {most("wishes.max_price.completion", t("wishes.priceCompletion"), price?.completion)}
      </div>
      <div class="field-row">
        <Field
          name="wishes.min_tokens_per_second"
          label={t("wishes.speed")}
          hint={t("wishes.speedHint")}
          errors={errors}
        >
          {(input) => <input {...input} type="number" min={0} step="any" defaultValue={speed ?? ""} />}
        </Field>
        <Field name="wishes.sort" label={t("wishes.sort")} errors={errors}>
          {(input) => (
            <select {...input}>
              <option value="" selected={sort === undefined}>
                {t("wishes.sort.all")}
              </option>
              {sorts.map((by) => (
                <option key={by} value={by} selected={by === sort}>
                  {t(`wishes.sort.${by}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <label class="switch">
        <input type="checkbox" name={FALLBACKS} defaultChecked={wishes.allow_fallbacks !== false} />
        {t("wishes.fallbacks")}
      </label>
      {others.length === 0 ? null : <p class="hint">{t("wishes.others", { names: others.join(", ") })}</p>}
    </>
  );
}

/** What is wished as the form says, with all that it has no input for as before. In the words of a request's `provider`. */
export function wishesOf(data: FormData, before: ProviderWishes): Record<string, unknown> {
  const text = (name: (typeof WISHES)[number]): string | undefined => textOf(data, name).trim() || undefined;
  const names = (name: (typeof WISHES)[number]): string[] | undefined => {
    const named = namesIn(textOf(data, name));
    return named.length > 0 ? named : undefined;
  };
  const [prompt, completion] = [text("wishes.max_price.prompt"), text("wishes.max_price.completion")];
  const speed = text("wishes.min_tokens_per_second");
  return {
    ...othersOf(before),
    only: names("wishes.only"),
    ignore: names("wishes.ignore"),
    max_price: prompt === undefined && completion === undefined ? undefined : { prompt, completion },
    min_tokens_per_second: speed === undefined ? undefined : Number(speed),
    sort: text("wishes.sort"),
    allow_fallbacks: data.has(FALLBACKS) ? undefined : false,
  };
}

/** Those that the form has no input for. */
function othersOf({
  only: _only,
  ignore: _ignore,
  max_price: _price,
  min_tokens_per_second: _speed,
  sort: _sort,
  allow_fallbacks: _fallbacks,
  ...others
}: ProviderWishes): Record<string, unknown> {
  const given = Object.entries(writtenWishes(others)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
