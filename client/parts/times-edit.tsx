import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { TimesPreview, type TimesEdit } from "../../protocol/contest-times.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { useAct } from "../act.ts";
import { request } from "../api.ts";
import { askContest } from "../contest.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";
import { FormError, useForm } from "./field.tsx";
import { TimesConsequence } from "./times-preview.tsx";

export interface TimesProps {
  contest: ContestView;
  /** Called with the contest as it is after a change, and with what was done. */
  done: (contest: ContestView, what: string) => void;
}

interface Props extends TimesProps {
  /** What is done, as its button says it. */
  label: string;
  /** Said with it where the button alone does not tell what it is about. */
  title?: string;
  danger?: boolean;
  /** Fields that stand here, by their names in the request's schema. */
  fields?: readonly string[];
  /** The edit that is asked for. */
  read: (data: FormData) => TimesEdit;
  children?: (errors: FieldErrors) => ComponentChildren;
}

interface Proposed {
  edit: TimesEdit;
  preview: TimesPreview;
}

/** One thing to do to a contest's times: asks the server what would come of it, shows that, and does it when told to. */
export function EditForm(props: Props) {
  const { contest, done, label, title = label, danger = false, fields = [], read, children } = props;
  const path = `/api/contests/${contest.slug}/times?preview`;
  const [proposed, setProposed] = useState<Proposed | null>(null);
  const form = useForm(async (data) => {
    const edit = read(data);
    setProposed({ edit, preview: await request(TimesPreview, path, { method: "POST", body: edit }) });
  });
  return (
    <form class="form" onSubmit={form.onSubmit}>
      {children?.(form.errors)}
      <FormError form={form} fields={fields} />
      <p class="actions">
        {/* Not disabled while it is sent: the focus would be lost, to which the question gives it back. */}
        <button class={danger ? "danger" : undefined} aria-label={title === label ? undefined : title}>
          {label}
        </button>
      </p>
      {proposed === null ? null : (
        <Proposal
          contest={contest}
          done={done}
          title={title}
          danger={danger}
          proposed={proposed}
          close={() => setProposed(null)}
        />
      )}
    </form>
  );
}

interface ProposalProps extends TimesProps {
  title: string;
  danger: boolean;
  proposed: Proposed;
  close: () => void;
}

function Proposal({ contest, done, title, danger, proposed: { edit, preview }, close }: ProposalProps) {
  const act = useAct();
  const apply = async (): Promise<void> => {
    await act.run(async () => {
      const changed = await askContest(contest.slug, "times", edit);
      close();
      done(changed, title);
    });
  };
  return (
    <Confirm
      title={title}
      label={t("times.apply")}
      danger={danger}
      busy={act.busy}
      error={act.error}
      act={() => void apply()}
      close={close}
    >
      <TimesConsequence preview={preview} />
    </Confirm>
  );
}
