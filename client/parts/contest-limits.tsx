import type { OwnLimits } from "../../protocol/contest.ts";
import { t } from "../i18n.ts";
import { FieldGroup } from "./field-group.tsx";
import { labelOf } from "./problem-picker.tsx";

interface Props {
  /** The chosen ones, in their order. */
  problems: readonly { slug: string; name: string }[];
  /** As they are before anybody types others, by slug; what is not there has none. */
  given: ReadonlyMap<string, OwnLimits>;
  wrong: readonly string[];
}

/** Asks for limits that hold in this contest alone, in place of those of the problems' packages. */
export function LimitsFields({ problems, given, wrong }: Props) {
  return (
    <details open={given.size > 0 || wrong.length > 0}>
      <summary>{t("contestForm.limits")}</summary>
      <FieldGroup label={t("contestForm.limits")} hint={t("contestForm.limitsHint")} wrong={wrong}>
        {problems.map(({ slug, name }, index) => (
          <fieldset class="points" key={slug}>
            <legend>
              <span class="problem-label">{labelOf(index)}</span> {name}
            </legend>
            <Limit name={`limits.time.${slug}`} label={t("contestForm.limitSeconds")} min={0.05} max={600}>
              {secondsOf(given.get(slug))}
            </Limit>
            <Limit name={`limits.memory.${slug}`} label={t("contestForm.limitMemory")} min={8} max={65_536}>
              {given.get(slug)?.memoryMiB ?? null}
            </Limit>
          </fieldset>
        ))}
      </FieldGroup>
    </details>
  );
}

function secondsOf(limits: OwnLimits | undefined): number | null {
  const timeMs = limits?.timeMs ?? null;
  return timeMs === null ? null : timeMs / 1000;
}

interface LimitProps {
  name: string;
  label: string;
  min: number;
  max: number;
  children: number | null;
}

function Limit({ name, label, min, max, children }: LimitProps) {
  return (
    <label>
      {label}{" "}
      <input
        name={name}
        type="number"
        inputMode="decimal"
        min={min}
        max={max}
        step="any"
        placeholder={t("contestForm.limitOfPackage")}
        defaultValue={children ?? undefined}
      />
    </label>
  );
}
