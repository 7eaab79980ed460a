import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { ContestView, MINUTE_MS, type ContestForm } from "../../protocol/contest.ts";
import { Shelf, type ShelfEntry } from "../../protocol/problem.ts";
import { request } from "../api.ts";
import { serverNow } from "../clock.ts";
import { timeZone } from "../format.ts";
import { pickText, t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { fromLocalInput, toLocalInput } from "../local-time.ts";
import { Await } from "./await.tsx";
import { Field, FormError, textOf, useForm } from "./field.tsx";
import { ProblemPicker } from "./problem-picker.tsx";

const fields = ["name", "slug", "startAt", "durationMinutes", "freezeMinutes", "penaltyMinutes", "problems"];

/** A name as a short name for the address: `Final de Verão 2026` becomes `final-de-verao-2026`. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
    .replace(/-+$/, "");
}

/** The next full hour that is at least half an hour away. */
const soon = (): number => Math.ceil((serverNow() + 30 * MINUTE_MS) / (60 * MINUTE_MS)) * 60 * MINUTE_MS;

/** The form for a new contest, or for an existing one. */
export function ContestEditor({ contest }: { contest: ContestView | null }) {
  const loading = useLoaded("shelf", (signal) => request(Shelf, "/api/organise/problems", { signal }));
  return <Await loading={loading}>{(shelf) => <Editor contest={contest} shelf={shelf.problems} />}</Await>;
}

function readForm(data: FormData, problems: readonly string[]): ContestForm {
  return {
    name: textOf(data, "name"),
    slug: textOf(data, "slug"),
    startAt: fromLocalInput(textOf(data, "startAt")) ?? 0,
    durationMinutes: Number(textOf(data, "durationMinutes")),
    freezeMinutes: Number(textOf(data, "freezeMinutes")),
    penaltyMinutes: Number(textOf(data, "penaltyMinutes")),
    problems: [...problems],
  };
}

function Editor({ contest, shelf }: { contest: ContestView | null; shelf: readonly ShelfEntry[] }) {
  const { route } = useLocation();
  const chosenBefore = contest?.problems.flatMap(({ slug }) => (slug === null ? [] : [slug])) ?? [];
  const [problems, setProblems] = useState<readonly string[]>(chosenBefore);
  const [name, setName] = useState(contest?.name ?? "");
  const [slug, setSlug] = useState<string | null>(contest?.slug ?? null);
  const form = useForm(async (data) => {
    const method = contest ? "PUT" : "POST";
    const path = contest ? `/api/contests/${contest.slug}` : "/api/contests";
    const saved = await request(ContestView, path, { method, body: readForm(data, problems) });
    route(`/contests/${saved.slug}`);
  });
  const names = new Map(shelf.map((entry) => [entry.slug, pickText(entry.name)]));
  for (const problem of contest?.problems ?? []) {
    if (problem.slug !== null && problem.name !== null) names.set(problem.slug, pickText(problem.name));
  }
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={fields} />
      <Field name="name" label={t("contestForm.name")} errors={form.errors}>
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
      <Field name="slug" label={t("contestForm.slug")} hint={t("contestForm.slugHint")} errors={form.errors}>
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
      <Times contest={contest} form={form} />
      <ProblemPicker
        chosen={problems}
        names={names}
        offered={shelf.filter((entry) => entry.state !== "withdrawn").map((entry) => entry.slug)}
        wrong={form.errors.of("problems")}
        change={setProblems}
      />
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {contest ? t("action.save") : t("contestForm.create")}
        </button>
        <a href={contest ? `/contests/${contest.slug}` : "/contests"}>{t("action.cancel")}</a>
      </p>
    </form>
  );
}

function Times({ contest, form }: { contest: ContestView | null; form: ReturnType<typeof useForm> }) {
  const clock = contest?.clock;
  const number = { type: "number", inputMode: "numeric", step: 1, required: true } as const;
  return (
    <>
      <Field
        name="startAt"
        label={t("contests.start")}
        hint={t("contestForm.zone", { zone: timeZone() })}
        errors={form.errors}
      >
        {(input) => (
          <input
            {...input}
            type="datetime-local"
            required
            defaultValue={toLocalInput(clock?.startAt ?? soon())}
          />
        )}
      </Field>
      <div class="field-row">
        <Field name="durationMinutes" label={t("contestForm.duration")} errors={form.errors}>
          {(input) => (
            <input
              {...input}
              {...number}
              min={1}
              defaultValue={(clock?.durationMs ?? 18_000_000) / MINUTE_MS}
            />
          )}
        </Field>
        <Field
          name="freezeMinutes"
          label={t("contestForm.freeze")}
          hint={t("contestForm.freezeHint")}
          errors={form.errors}
        >
          {(input) => (
            <input {...input} {...number} min={0} defaultValue={(clock?.freezeMs ?? 3_600_000) / MINUTE_MS} />
          )}
        </Field>
        <Field name="penaltyMinutes" label={t("contestForm.penalty")} errors={form.errors}>
          {(input) => (
            <input {...input} {...number} min={0} max={1000} defaultValue={clock?.penaltyMinutes ?? 20} />
          )}
        </Field>
      </div>
    </>
  );
}
