import * as v from "valibot";
import { ErrorBody, errorStatus, type ErrorCode } from "../protocol/errors.ts";
import { t } from "./i18n.ts";
import { parseJson } from "./json.ts";
import { KEPT_AT } from "./kept-answers.ts";
import { observeAnswer, observeSilence } from "./network.ts";

/** Codes of the protocol, and what only a page can find: no network, an answer it does not understand, nothing to send. */
export type ApiErrorCode = ErrorCode | "offline" | "unexpected_answer" | "empty_source" | "unknown";

/** A request that was refused, never arrived, or was answered with something this page does not understand. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly details: readonly string[];

  constructor(code: ApiErrorCode, message: string, details: readonly string[] = []) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.details = details;
  }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorStatus, code);

/** What went wrong, as a sentence in the reader's language. */
export function errorText(error: ApiError): string {
  // Some say what only the server knows, as the sentence of those who closed the queue.
  return t(`error.${error.code}`, { message: error.message });
}

/** Any thrown value as an ApiError; aborts and bugs are thrown on. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  throw thrown;
}

/** The error that a refused response tells of. Bodies that are not an ErrorBody (a proxy's page) keep their status. */
export function refusal(status: number, body: unknown): ApiError {
  const parsed = v.safeParse(ErrorBody, body);
  return parsed.success ? refusalOf(parsed.output) : new ApiError("unknown", `HTTP ${status}`);
}

/** A refusal by its body, which may come from an outbox. */
export function refusalOf({ code, message, details }: v.InferOutput<typeof ErrorBody>): ApiError {
  return new ApiError(isErrorCode(code) ? code : "unknown", message, details);
}

export interface Request {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; a Blob is sent as it is, with its own type. */
  body?: unknown;
  signal?: AbortSignal;
  /** Called before the answer is given when it is a kept copy, because the site is away. */
  onKept?: () => void;
}

/**
 * Asks the application's API and parses the answer.
 * @param schema what the answer must be; `null` when the answer is of no interest
 * @param path e.g. `/api/problems`
 * @throws ApiError when refused, unreachable or not understood; the signal's reason when aborted
 */
export async function request<Schema extends v.GenericSchema>(
  schema: Schema,
  path: string,
  options: Request = {},
): Promise<v.InferOutput<Schema>> {
  const response = await send(path, options);
  const text = await response.text();
  const body = parseJson(text);
  if (!response.ok) throw refusal(response.status, body);
  const parsed = v.safeParse(schema, body);
  const kept = isKept(response);
  if (!parsed.success) {
    // Kept by an earlier version of the site: as good as nothing.
    throw new ApiError(kept ? "offline" : "unexpected_answer", parsed.issues[0].message);
  }
  if (kept) options.onKept?.();
  return parsed.output;
}

/** Whether an answer is a kept copy, because the site is away. */
const isKept = (response: Response): boolean => response.headers.has(KEPT_AT);

/** Paths asked for while no service worker was there to keep their answers: on the very first visit. */
export const askedUnwatched = new Set<string>();

async function send(path: string, { method = "GET", body, signal }: Request): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", headers: { accept: "application/json" } };
  if (signal) init.signal = signal;
  if (body instanceof Blob) {
    init.body = body;
    init.headers = { accept: "application/json", "content-type": body.type };
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { accept: "application/json", "content-type": "application/json" };
  }
  if (method === "GET" && !globalThis.navigator?.serviceWorker?.controller) askedUnwatched.add(path);
  try {
    const response = await fetch(path, init);
    observeAnswer(isKept(response));
    return response;
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    observeSilence();
    throw new ApiError("offline", String(thrown));
  }
}

/** For answers whose body is of no interest. */
export const Nothing = v.unknown();
