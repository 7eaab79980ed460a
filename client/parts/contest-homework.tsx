import { useState } from "preact/hooks";
import type { HomeworkFormat, LatePolicy } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { homeworkCounts, latePolicies } from "../contest-form.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { ChoiceField } from "./choice-field.tsx";
import { MinutesField, NumberField } from "./number-field.tsx";

interface Props {
  given: HomeworkFormat | null;
  /** Of the contest; what is handed in at its end is in time unless another deadline is given. */
  durationMs: number;
  errors: FieldErrors;
}

/** The deadline of homework, what becomes of what comes late, and which submission counts. */
export function HomeworkFields({ given, durationMs, errors }: Props) {
  const before: LatePolicy = given?.late ?? { type: "refused" };
  const daily = before.type === "daily" ? before : { percent: 20, hardEndMs: null };
  const [late, setLate] = useState(before.type);
  return (
    <>
      <MinutesField
        name="format.deadlineMs"
        label={t("contestForm.deadline")}
        hint={t("contestForm.afterStart")}
        errors={errors}
        value={(given?.deadlineMs ?? durationMs) / MINUTE_MS}
      />
      <ChoiceField
        name="format.late.type"
        label={t("contestForm.late")}
        errors={errors}
        options={latePolicies}
        say={(option) => t(`contestLate.${option}`)}
        value={late}
        change={setLate}
      />
      {late === "daily" ? (
        <div class="field-row">
          <NumberField
            name="format.late.percent"
            label={t("contestForm.latePercent")}
            errors={errors}
            value={daily.percent}
            max={100}
          />
          <MinutesField
            name="format.late.hardEndMs"
            label={t("contestForm.hardEnd")}
            hint={t("contestForm.hardEndHint")}
            errors={errors}
            value={daily.hardEndMs === null ? null : daily.hardEndMs / MINUTE_MS}
          />
        </div>
      ) : null}
      <Wrong sentences={errors.of("format.late").filter((one) => !ofParts(errors).includes(one))} />
      <ChoiceField
        name="format.counts"
        label={t("contestForm.counts")}
        errors={errors}
        options={homeworkCounts}
        say={(option) => t(`contestCounts.${option}`)}
        value={given?.counts ?? "best"}
      />
    </>
  );
}

/** What stands beside an input already. */
const ofParts = (errors: FieldErrors): string[] =>
  ["type", "percent", "hardEndMs"].flatMap((part) => errors.of(`format.late.${part}`));

function Wrong({ sentences }: { sentences: readonly string[] }) {
  return sentences.length === 0 ? null : <p class="wrong">{sentences.join(" · ")}</p>;
}
