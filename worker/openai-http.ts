import { openAIError, openAIErrors, retryHeaders, type OpenAIErrorCode } from "../protocol/openai-error.ts";
import { json } from "./http.ts";

/**
 * A refusal by /v1 that may be told to the caller as it is, in the shape of OpenAI's errors. Anything else thrown becomes
 * `internal`, without its text.
 */
export class OpenAIApiError extends Error {
  readonly code: OpenAIErrorCode;
  readonly param: string | null;
  readonly waitMs: number | null;

  /**
   * @param message one sentence for people
   * @param param the field at fault, null for none
   * @param waitMs when the same request may succeed, in milliseconds from now; null when nobody knows
   */
  constructor(
    code: OpenAIErrorCode,
    message: string,
    param: string | null = null,
    waitMs: number | null = null,
  ) {
    super(message);
    this.code = code;
    this.param = param;
    this.waitMs = waitMs;
  }
}

/** @param requestId what the caller may name when it asks about this answer */
export function openAIJson(body: unknown, requestId: string): Response {
  return json(body, { headers: { "x-request-id": requestId } });
}

/** The answer that tells of an error, with the headers that say whether and when to try again. */
export function openAIErrorResponse(error: unknown, requestId: string): Response {
  if (!(error instanceof OpenAIApiError)) {
    // The operator needs the cause, the caller must not see it.
    console.error(error);
    return openAIErrorResponse(
      new OpenAIApiError("internal", "Something went wrong on our side."),
      requestId,
    );
  }
  const { code, message, param, waitMs } = error;
  return json(openAIError(code, message, param), {
    status: openAIErrors[code].status,
    headers: { ...retryHeaders(code, waitMs), "x-request-id": requestId },
  });
}
