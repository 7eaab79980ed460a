import type { ContestFormat } from "../../protocol/contest-format.ts";
import { feedbacks, formatTypes, ioiCounts, type FormatType } from "../contest-form.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { ChoiceField } from "./choice-field.tsx";
import { HomeworkFields } from "./contest-homework.tsx";
import { NumberField } from "./number-field.tsx";

interface Props {
  /** As it is before anybody chooses another. */
  format: ContestFormat;
  type: FormatType;
  change: (type: FormatType) => void;
  /** Of the contest, as far as it is known. */
  durationMs: number;
  errors: FieldErrors;
}

/** Chooses a contest's format, says what it does, and asks for its own settings. */
export function FormatFields(props: Props) {
  const { type, change, errors } = props;
  return (
    <>
      <ChoiceField
        name="format.type"
        label={t("contest.format")}
        hint={t(`contestFormatAbout.${type}`)}
        errors={errors}
        options={formatTypes}
        say={(option) => t(`contestFormat.${option}`)}
        value={type}
        change={change}
      />
      <Settings key={type} {...props} />
    </>
  );
}

function Settings({ format, type, durationMs, errors }: Props) {
  const field = (name: string, label: string, value: number, max?: number) => (
    <NumberField
      name={`format.${name}`}
      label={label}
      errors={errors}
      value={value}
      {...(max === undefined ? {} : { max })}
    />
  );
  switch (type) {
    case "icpc":
    case "atcoder": {
      const before = format.type === type ? format.penaltyMinutes : type === "icpc" ? 20 : 5;
      return field("penaltyMinutes", t("contestForm.penalty"), before, 1000);
    }
    case "ioi":
      return <IoiFields given={format.type === type ? format : null} errors={errors} />;
    case "codeforces": {
      const given = format.type === type ? format : null;
      return (
        <div class="field-row">
          {field("decayPercent", t("contestForm.decay"), given?.decayPercent ?? 48, 100)}
          {field("deduction", t("contestForm.deduction"), given?.deduction ?? 50, 100_000)}
          {field("floorPercent", t("contestForm.floor"), given?.floorPercent ?? 30, 100)}
        </div>
      );
    }
    case "homework":
      return (
        <HomeworkFields
          given={format.type === type ? format : null}
          durationMs={durationMs}
          errors={errors}
        />
      );
    default:
      return type satisfies never;
  }
}

interface IoiProps {
  given: Extract<ContestFormat, { type: "ioi" }> | null;
  errors: FieldErrors;
}

function IoiFields({ given, errors }: IoiProps) {
  return (
    <>
      <ChoiceField
        name="format.counts"
        label={t("contestForm.counts")}
        errors={errors}
        options={ioiCounts}
        say={(option) => t(`contestCounts.${option}`)}
        value={given?.counts ?? "groups"}
      />
      <ChoiceField
        name="format.feedback"
        label={t("contestForm.feedback")}
        errors={errors}
        options={feedbacks}
        say={(option) => t(`contestFeedback.${option}`)}
        value={given?.feedback ?? "full"}
      />
    </>
  );
}
