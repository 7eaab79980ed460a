import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { asApiError, errorText, type ApiError } from "../api.ts";
import { fieldErrors, type FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";

/** What an input inside a Field must carry to belong to its label, hint and errors. */
export interface FieldInput {
  id: string;
  name: string;
  "aria-invalid"?: true;
  "aria-describedby"?: string;
}

interface FieldProps {
  /** The field's name in the request's schema, so that the server's complaints find it. */
  name: string;
  label: string;
  hint?: string;
  errors: FieldErrors;
  children: (input: FieldInput) => ComponentChildren;
}

/** A labelled input with its hint and with what the server found wrong about it. */
export function Field({ name, label, hint, errors, children }: FieldProps) {
  const id = useId();
  const wrong = errors.of(name);
  const described = [hint === undefined ? null : `${id}-hint`, wrong.length > 0 ? `${id}-wrong` : null];
  const describedBy = described.filter((part) => part !== null).join(" ");
  const input: FieldInput = { id, name };
  if (wrong.length > 0) input["aria-invalid"] = true;
  if (describedBy !== "") input["aria-describedby"] = describedBy;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(input)}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong.length === 0 ? null : (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong.join(" · ")}
        </p>
      )}
    </div>
  );
}

export interface FormState {
  busy: boolean;
  error: ApiError | null;
  errors: FieldErrors;
  /** For the form's onSubmit. */
  onSubmit: (event: SubmitEvent) => void;
}

/**
 * Runs a form's request once at a time and keeps what was wrong with it.
 * @param send gets the form's data; throws ApiError
 */
export function useForm(send: (data: FormData) => Promise<void>): FormState {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (busy || !(event.currentTarget instanceof HTMLFormElement)) return;
    setBusy(true);
    setError(null);
    send(new FormData(event.currentTarget))
      .catch((thrown: unknown) => setError(asApiError(thrown)))
      .finally(() => setBusy(false));
  };
  return { busy, error, errors: fieldErrors(error?.details ?? []), onSubmit };
}

/** A text field of a form; empty when it was not filled in. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}

/** What was wrong with a form, unless every complaint stands beside its field already. */
export function FormError({ form, fields }: { form: FormState; fields: readonly string[] }) {
  if (!form.error) return null;
  const rest = form.errors.except(fields);
  const told = form.error.details.length > 0 && rest.length === 0;
  return (
    <Notice kind="error">
      {told ? t("form.seeFields") : errorText(form.error)}
      {rest.length === 0 ? null : (
        <ul>
          {rest.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
