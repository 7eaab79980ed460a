import { errorText, type ApiError } from "../api.ts";
import { Notice } from "./notice.tsx";

/** How an act was refused, in full; nothing while it was not. */
export function TeamError({ error }: { error: ApiError | null }) {
  if (error === null) return null;
  return <Notice kind="error">{[errorText(error), ...error.details].join(" ")}</Notice>;
}
