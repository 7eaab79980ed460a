import * as v from "valibot";

/**
 * Every way in which /v1 refuses a request or breaks off an answer: a code of ours, with its HTTP status, the type that
 * OpenAI's API gives such errors, and whether the same request is worth sending again.
 *
 * The official client sends a request again, twice, after 408, 409, 429 and every 5xx, unless `x-should-retry` says
 * otherwise; the AI SDK and Portkey go by the status alone. So no status above is used for what stays wrong, but for 409
 * and 504, where the header has to do.
 */
export const openAIErrors = {
  invalid_request: { status: 400, type: "invalid_request_error", retry: false },
  /** No offer has room for the prompt. The official code, which some clients look for to shorten the conversation. */
  context_length_exceeded: { status: 400, type: "invalid_request_error", retry: false },
  /** Well formed, but nobody who offers the model can do it: tools, images, token probabilities. */
  unsupported_parameter: { status: 400, type: "invalid_request_error", retry: false },
  invalid_api_key: { status: 401, type: "invalid_request_error", retry: false },
  insufficient_funds: { status: 402, type: "insufficient_quota", retry: false },
  /** A browser sends it for a page of a site that the key is not for. */
  origin_not_allowed: { status: 403, type: "invalid_request_error", retry: false },
  model_not_found: { status: 404, type: "invalid_request_error", retry: false },
  /** The model is offered, but not within the request's own wishes of price, speed or provider. */
  no_matching_offer: { status: 404, type: "invalid_request_error", retry: false },
  unknown_url: { status: 404, type: "invalid_request_error", retry: false },
  method_not_allowed: { status: 405, type: "invalid_request_error", retry: false },
  /** The Idempotency-Key came with another request before. */
  idempotency_conflict: { status: 409, type: "invalid_request_error", retry: false },
  /** The request with this Idempotency-Key is being answered. */
  idempotency_in_progress: { status: 409, type: "invalid_request_error", retry: true },
  body_too_large: { status: 413, type: "invalid_request_error", retry: false },
  /** This caller asks for too much at once, or too often. */
  rate_limited: { status: 429, type: "rate_limit_error", retry: true },
  internal: { status: 500, type: "server_error", retry: true },
  /** Providers had the job and failed; before the first token, as many were tried as there was time for. */
  provider_failed: { status: 502, type: "server_error", retry: true },
  /** Suitable providers are known, and none is there at the moment. */
  no_provider: { status: 503, type: "server_error", retry: true },
  /**
   * All slots are taken and so many wait that one more would wait too long. Not 429: the caller did nothing that it could
   * mend, and gateways that see 429 hold it against the caller's key.
   */
  queue_full: { status: 503, type: "server_error", retry: true },
  starting: { status: 503, type: "server_error", retry: true },
  /** The job took longer than a job may. Not 408, which blames the caller's sending; what took so long would again. */
  timed_out: { status: 504, type: "server_error", retry: false },
} as const satisfies Record<string, { status: number; type: string; retry: boolean }>;

export type OpenAIErrorCode = keyof typeof openAIErrors;

const isCode = (code: string): code is OpenAIErrorCode => Object.hasOwn(openAIErrors, code);

export const OpenAIErrorCode = v.custom<OpenAIErrorCode>(
  (code) => typeof code === "string" && isCode(code),
  "is no code of ours",
);

/** The body of every refusal, and of the event that breaks off a stream. All four keys are required by the schema. */
export const OpenAIErrorBody = v.strictObject({
  error: v.pipe(
    v.strictObject({
      message: v.pipe(v.string(), v.minLength(1)),
      type: v.string(),
      /** The field at fault, as in `messages[3].content`. */
      param: v.nullable(v.pipe(v.string(), v.minLength(1))),
      code: OpenAIErrorCode,
    }),
    v.check(({ code, type }) => openAIErrors[code].type === type, "is not the type of this code"),
  ),
});
export type OpenAIErrorBody = v.InferOutput<typeof OpenAIErrorBody>;

/** @param param the field at fault, null for none */
export const openAIError = (
  code: OpenAIErrorCode,
  message: string,
  param: string | null = null,
): OpenAIErrorBody => ({ error: { message, type: openAIErrors[code].type, param, code } });

/** Of a minute or more, clients think nothing and go by a guess of their own. */
const LONGEST_WAIT_MS = 59_000;

/**
 * The headers beside an error's body, which tell clients whether and when to send the request again.
 * @param waitMs when it may succeed, in milliseconds from now; null when nobody knows
 */
export function retryHeaders(code: OpenAIErrorCode, waitMs: number | null): Record<string, string> {
  const { retry } = openAIErrors[code];
  const headers = { "x-should-retry": String(retry) };
  if (!retry || waitMs === null) return headers;
  const wait = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(waitMs)));
  return { ...headers, "retry-after": String(Math.ceil(wait / 1_000)), "retry-after-ms": String(wait) };
}
