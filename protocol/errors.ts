import * as v from "valibot";

/** Every way a request can be refused, with its HTTP status. The page maps the code to a sentence in the reader's language. */
export const errorStatus = {
  malformed_json: 400,
  invalid_request: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  wrong_token: 401,
  forbidden: 403,
  wrong_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  name_taken: 409,
  key_taken: 409,
  contest_not_running: 409,
  contest_changed: 409,
  question_claimed: 409,
  contest_refuses: 409,
  not_registered: 409,
  lease_not_held: 409,
  time_limit_unknown: 409,
  not_finished: 409,
  too_large: 413,
  unknown_language: 422,
  problem_not_in_contest: 422,
  invalid_package: 422,
  upgrade_required: 426,
  rate_limited: 429,
  internal: 500,
  starting: 503,
  queue_full: 503,
  queue_closed: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** The body of every refused request: a code for programs, a sentence for people, and what exactly was wrong. */
export const ErrorBody = v.object({
  code: v.string(),
  message: v.string(),
  /** One sentence for each thing found wrong, e.g. `username: at most 32 characters`. */
  details: v.optional(v.array(v.string())),
});
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  details?: string[];
}
