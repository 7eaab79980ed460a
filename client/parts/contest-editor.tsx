import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import {
  ContestChangePreview,
  ContestView,
  type ContestChange,
  type ContestForm,
} from "../../protocol/contest.ts";
import { Shelf, type ShelfEntry } from "../../protocol/problem.ts";
import { useAct } from "../act.ts";
import { request } from "../api.ts";
import { readSettings, readTimes } from "../contest-form.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import "../locales/contest-forms.ts";
import { Await } from "./await.tsx";
import { Confirm } from "./confirm.tsx";
import { ChangeConsequence } from "./contest-change.tsx";
import { SettingsFields, settingsFields } from "./contest-settings.tsx";
import { StartFields, timesFields } from "./contest-start.tsx";
import { FormError, useForm } from "./field.tsx";

/** The form for a new contest, or for an existing one. */
export function ContestEditor({ contest }: { contest: ContestView | null }) {
  const loading = useLoaded("shelf", (signal) => request(Shelf, "/api/organise/problems", { signal }));
  return (
    <Await loading={loading}>
      {({ problems }) =>
        contest === null ? <NewContest shelf={problems} /> : <OldContest contest={contest} shelf={problems} />
      }
    </Await>
  );
}

function NewContest({ shelf }: { shelf: readonly ShelfEntry[] }) {
  const { route } = useLocation();
  const [problems, setProblems] = useState<readonly string[]>([]);
  const form = useForm(async (data) => {
    const body: ContestForm = { ...readSettings(data, problems), ...readTimes(data) };
    const made = await request(ContestView, "/api/contests", { method: "POST", body });
    route(`/contests/${made.slug}`);
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={[...settingsFields, ...timesFields]} />
      <SettingsFields
        contest={null}
        shelf={shelf}
        problems={problems}
        setProblems={setProblems}
        errors={form.errors}
      >
        <StartFields errors={form.errors} />
      </SettingsFields>
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("contestForm.create")}
        </button>
        <a href="/contests">{t("action.cancel")}</a>
      </p>
    </form>
  );
}

/** A change, as it would be sent, and what would come of it. */
interface Asked {
  body: ContestChange;
  preview: ContestChangePreview;
}

function OldContest({ contest, shelf }: { contest: ContestView; shelf: readonly ShelfEntry[] }) {
  const path = `/api/contests/${contest.slug}`;
  const before = contest.problems.flatMap(({ slug }) => (slug === null ? [] : [slug]));
  const [problems, setProblems] = useState<readonly string[]>(before);
  const [asked, setAsked] = useState<Asked | null>(null);
  const form = useForm(async (data) => {
    const body: ContestChange = readSettings(data, problems);
    const preview = await request(ContestChangePreview, `${path}?preview`, { method: "PUT", body });
    setAsked({ body, preview });
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={settingsFields} />
      <SettingsFields
        contest={contest}
        shelf={shelf}
        problems={problems}
        setProblems={setProblems}
        errors={form.errors}
      >
        <p class="soft">
          {t("contestForm.timesElsewhere")}{" "}
          <a href={`/contests/${contest.slug}/times`}>{t("contest.times")}</a>
        </p>
      </SettingsFields>
      <p class="actions">
        <button class="primary">{t("action.save")}</button>
        <a href={`/contests/${contest.slug}`}>{t("action.cancel")}</a>
      </p>
      {asked === null ? null : <Change path={path} asked={asked} close={() => setAsked(null)} />}
    </form>
  );
}

/** Asks whether to do what has been looked at. */
function Change({ path, asked, close }: { path: string; asked: Asked; close: () => void }) {
  const { route } = useLocation();
  const { busy, error, run } = useAct();
  const save = async (): Promise<void> => {
    await run(async () => {
      const saved = await request(ContestView, path, { method: "PUT", body: asked.body });
      route(`/contests/${saved.slug}`);
    });
  };
  return (
    <Confirm
      title={t("contestChange.sure")}
      label={t("contestChange.apply")}
      busy={busy}
      error={error}
      act={() => void save()}
      close={close}
    >
      <ChangeConsequence preview={asked.preview} />
    </Confirm>
  );
}
