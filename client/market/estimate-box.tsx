import { useState } from "preact/hooks";
import type { BookedOffer } from "../../protocol/market.ts";
import { t } from "../i18n.ts";
import { Field } from "../parts/field.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { credits, tokens } from "./amounts.ts";
import { Choice } from "./choice.tsx";
import {
  estimate,
  promptOfText,
  promptOfTokens,
  wholeNumber,
  type Estimates,
  type Imagined,
} from "./estimate.ts";

const kinds = ["text", "tokens"] as const;
type Kind = (typeof kinds)[number];

/** Beyond these an amount could be more than a number holds exactly, at the highest price there may be. */
const MOST_TOKENS = 1_000_000;
const MOST_CHARACTERS = 200_000;

const USUAL_ANSWER = 200;

/** What a request that the reader thinks of would cost at each offer. */
export function EstimateBox({ offers }: { offers: readonly BookedOffer[] }) {
  const [kind, setKind] = useState<Kind>("text");
  const [text, setText] = useState("");
  const [count, setCount] = useState("100");
  const [longest, setLongest] = useState(() =>
    String(Math.min(USUAL_ANSWER, ...offers.map(({ maxOutputTokens }) => maxOutputTokens))),
  );
  const [promptTokens, maxTokens] = [wholeNumber(count, MOST_TOKENS), wholeNumber(longest, MOST_TOKENS)];
  const prompt =
    kind === "text" ? promptOfText(text) : promptTokens === null ? null : promptOfTokens(promptTokens);
  return (
    <section class="card estimate" aria-labelledby="estimate">
      <h2 id="estimate">{t("model.estimate")}</h2>
      <div class="form">
        <Choice
          label={t("model.promptAs")}
          value={kind}
          options={kinds}
          choose={setKind}
          name={(id) => t(`model.promptAs.${id}`)}
        />
        {kind === "text" ? (
          <Field name="prompt" label={t("model.prompt")} errors={noErrors}>
            {(input) => (
              <textarea
                {...input}
                rows={4}
                maxLength={MOST_CHARACTERS}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        ) : (
          <NumberField name="tokens" label={t("model.promptTokens")} value={count} change={setCount} />
        )}
        <NumberField name="longest" label={t("model.longest")} value={longest} change={setLongest} />
      </div>
      {prompt === null || maxTokens === null ? null : (
        <Result imagined={{ prompt, maxTokens }} offers={offers} />
      )}
    </section>
  );
}

const noErrors = { of: () => [], except: () => [] };
const wrongNumber = { of: () => [t("model.wrongNumber", { most: MOST_TOKENS })], except: () => [] };

interface NumberProps {
  name: string;
  label: string;
  value: string;
  change: (value: string) => void;
}

function NumberField({ name, label, value, change }: NumberProps) {
  const errors = wholeNumber(value, MOST_TOKENS) === null ? wrongNumber : noErrors;
  return (
    <Field name={name} label={label} errors={errors}>
      {(input) => (
        <input
          {...input}
          inputMode="numeric"
          autocomplete="off"
          maxLength={20}
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Result({ imagined, offers }: { imagined: Imagined; offers: readonly BookedOffer[] }) {
  const found = estimate(imagined, offers);
  const { expected, atMost } = imagined.prompt;
  return (
    <>
      <output>
        <p>{t("model.about", { expected: tokens(expected), most: tokens(atMost) })}</p>
        <Summary found={found} />
      </output>
      {found.each.length === 0 ? null : <ByOffer found={found} />}
      <p class="soft">{t("model.estimateNote")}</p>
    </>
  );
}

function Summary({ found: { each, median } }: { found: Estimates<BookedOffer> }) {
  const [cheapest] = each;
  if (cheapest === undefined || median === null) return <p>{t("model.nobodyFits")}</p>;
  return (
    <p>
      <strong>
        {t("model.cheapest", { amount: credits(cheapest.costNano), provider: cheapest.offer.provider })}
      </strong>{" "}
      {t("model.median", { amount: credits(median.costNano), provider: median.offer.provider })}
    </p>
  );
}

function ByOffer({ found: { each } }: { found: Estimates<BookedOffer> }) {
  return (
    <TableScroll label={t("model.estimateTable")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("market.provider")}</th>
            <th scope="col" class="number">
              {t("model.cost")}
            </th>
            <th scope="col" class="number">
              {t("ledger.setAside")}
            </th>
          </tr>
        </thead>
        <tbody>
          {each.map(({ offer, costNano, heldNano }) => (
            <tr key={`${offer.provider} ${JSON.stringify(offer.prices)} ${offer.quantisation}`}>
              <th scope="row" class="named">
                {offer.provider}
              </th>
              <td class="number">{credits(costNano)}</td>
              <td class="number">{credits(heldNano)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
