import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ContestView, OwnLimits } from "../../protocol/contest.ts";
import type { ShelfEntry } from "../../protocol/problem.ts";
import { slugOf, type FormatType } from "../contest-form.ts";
import type { FieldErrors } from "../field-errors.ts";
import { pickText, t } from "../i18n.ts";
import { FormatFields } from "./contest-format.tsx";
import { LanguageFields } from "./contest-languages.tsx";
import { LimitsFields } from "./contest-limits.tsx";
import { PointsFields, type PointsProblem } from "./contest-points.tsx";
import { USUAL_LENGTH_MS } from "./contest-start.tsx";
import { Field } from "./field.tsx";
import { ProblemPicker } from "./problem-picker.tsx";

export const settingsFields = ["name", "slug", "format", "languages", "problems", "limits"];

interface Props {
  /** Null for a new one. */
  contest: ContestView | null;
  shelf: readonly ShelfEntry[];
  /** The chosen ones, in their order. */
  problems: readonly string[];
  setProblems: (problems: readonly string[]) => void;
  errors: FieldErrors;
  /** What is asked for between the contest's name and its rules. */
  children: ComponentChildren;
}

/** Everything of a contest that is asked for in one form, but its times. */
export function SettingsFields({ contest, shelf, problems, setProblems, errors, children }: Props) {
  const [type, setType] = useState<FormatType>(contest?.format.type ?? "icpc");
  const known = knownProblems(contest, shelf);
  const names = new Map([...known].map(([slug, { name }]) => [slug, name]));
  return (
    <>
      <Names contest={contest} errors={errors} />
      {children}
      <FormatFields
        format={contest?.format ?? { type: "icpc", penaltyMinutes: 20 }}
        type={type}
        change={setType}
        durationMs={contest?.timed.times.durationMs ?? USUAL_LENGTH_MS}
        errors={errors}
      />
      <LanguageFields chosen={contest?.languages ?? null} wrong={errors.of("languages")} />
      <ProblemPicker
        chosen={problems}
        names={names}
        offered={shelf.filter((entry) => entry.state !== "withdrawn").map((entry) => entry.slug)}
        wrong={errors.of("problems")}
        change={setProblems}
      />
      {type === "icpc" || problems.length === 0 ? null : (
        <PointsFields
          type={type}
          problems={problems.flatMap((slug) => known.get(slug) ?? [])}
          wrong={errors.of("format.points")}
        />
      )}
      {problems.length === 0 ? null : (
        <LimitsFields
          problems={problems.flatMap((slug) => known.get(slug) ?? [])}
          given={ownLimits(contest)}
          wrong={errors.of("limits")}
        />
      )}
    </>
  );
}

function Names({ contest, errors }: Pick<Props, "contest" | "errors">) {
  const [name, setName] = useState(contest?.name ?? "");
  const [slug, setSlug] = useState<string | null>(contest?.slug ?? null);
  return (
    <>
      <Field name="name" label={t("contestForm.name")} errors={errors}>
        {(input) => (
          <input
            {...input}
            required
            maxLength={80}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field name="slug" label={t("contestForm.slug")} hint={t("contestForm.slugHint")} errors={errors}>
        {(input) => (
          <input
            {...input}
            required
            value={slug ?? slugOf(name)}
            onInput={(event) => setSlug(event.currentTarget.value)}
            autocapitalize="none"
            spellcheck={false}
          />
        )}
      </Field>
    </>
  );
}

/** The limits that the contest has now instead of its problems' own, by slug. */
function ownLimits(contest: ContestView | null): ReadonlyMap<string, OwnLimits> {
  return new Map(
    (contest?.problems ?? []).flatMap(({ slug, limits }) =>
      slug === null || limits === null ? [] : [[slug, limits]],
    ),
  );
}

/** The reader's problems, and those of others that are in the contest already, by slug. */
function knownProblems(
  contest: ContestView | null,
  shelf: readonly ShelfEntry[],
): ReadonlyMap<string, PointsProblem> {
  const format = contest?.format;
  const points = format === undefined || format.type === "icpc" ? {} : format.points;
  const known = new Map<string, PointsProblem>();
  for (const { slug, name, types } of shelf) {
    known.set(slug, { slug, name: pickText(name), scored: types.includes("scoring"), points: null });
  }
  for (const { slug, name, label } of contest?.problems ?? []) {
    if (slug === null) continue;
    const scored = known.get(slug)?.scored ?? null;
    known.set(slug, {
      slug,
      name: name === null ? slug : pickText(name),
      scored,
      points: points[label] ?? null,
    });
  }
  return known;
}
