import { useState } from "preact/hooks";
import { labelOf } from "./problem-picker.tsx";
import type { FormatType } from "../contest-form.ts";
import { t } from "../i18n.ts";
import { FieldGroup } from "./field-group.tsx";

export interface PointsProblem {
  slug: string;
  name: string;
  /** Whether its package gives points for parts of it; null where nobody here knows. */
  scored: boolean | null;
  /** As they are before anybody types others; null for none. */
  points: number | null;
}

interface Props {
  type: Exclude<FormatType, "icpc">;
  problems: readonly PointsProblem[];
  wrong: readonly string[];
}

/** What the nth problem is usually worth. */
function usualPoints(type: Props["type"], index: number): number {
  switch (type) {
    case "ioi":
    case "homework":
      return 100;
    case "atcoder":
      return 100 * (index + 1);
    case "codeforces":
      return 500 * (index + 1);
    default:
      return type satisfies never;
  }
}

/** Asks what a full solution of each problem is worth, where its package does not say it. */
export function PointsFields({ type, problems, wrong }: Props) {
  const packageSays = type === "ioi" || type === "homework";
  return (
    <FieldGroup
      label={t("contestForm.points")}
      hint={t(packageSays ? "contestForm.pointsPassFail" : "contestForm.pointsAll")}
      wrong={wrong}
    >
      {problems.map((problem, index) => (
        <PointsField
          key={`${type} ${problem.slug}`}
          problem={problem}
          label={labelOf(index)}
          usual={usualPoints(type, index)}
          packageSays={packageSays}
        />
      ))}
    </FieldGroup>
  );
}

interface FieldProps {
  problem: PointsProblem;
  label: string;
  usual: number;
  /** Whether packages of scored problems say their points in this format. */
  packageSays: boolean;
}

function PointsField({ problem: { slug, name, scored, points }, label, usual, packageSays }: FieldProps) {
  // Of a problem of somebody else's it is not known here whether it is scored.
  const unsure = packageSays && scored === null;
  // Kept from the beginning, so that points stay with a problem that is moved.
  const [value] = useState(points ?? (unsure ? undefined : usual));
  return (
    <label class="points">
      <span class="problem-label">{label}</span> <span class="picker-name">{name}</span>
      {packageSays && scored === true ? (
        <span class="soft">{t("contestForm.packagePoints")}</span>
      ) : (
        <input
          name={`points.${slug}`}
          type="number"
          inputMode="numeric"
          min={1}
          max={100_000}
          step={1}
          required={!unsure}
          defaultValue={value}
        />
      )}
    </label>
  );
}
