import type { ErrorCode } from "../protocol/errors.ts";
import type { OpenAIErrorCode } from "../protocol/openai-error.ts";
import { chatAskedBy } from "./chat.ts";
import { guestModels } from "./guests.ts";
import { type Chatter, chatter, type Guard } from "./guards.ts";
import { addressOf, ApiError, rateLimit, type Call } from "./http.ts";
import { newJobId } from "./job-order.ts";
import { OpenAIApiError, openAIErrorResponse } from "./openai-http.ts";
import { answerTo, type Question, readBody } from "./questions.ts";

/**
 * The chat of the site's own pages: what /v1/chat/completions does, for whoever is signed in or a guest, by cookie. The answer, its
 * stream and every refusal have the shapes of /v1, so that a page reads one kind.
 */

/** Who asks by a page, and for what. */
export interface PageQuestion {
  chatter: Chatter;
  body: Uint8Array<ArrayBuffer>;
}

/** Whoever is signed in, or a guest: looked up while the body comes in. */
export const pageQuestioner: Guard<PageQuestion> = async (call) => {
  const body = readBody(call.request);
  // Heard below, unless nobody is signed in.
  body.catch(() => undefined);
  return { chatter: await chatter(call), body: await body };
};

/** POST /api/chat/completions */
export async function complete(call: Call, { chatter, body }: PageQuestion): Promise<Response> {
  const { user, standing, isGuest } = chatter;
  const question: Question = { asker: { user, key: null, standing }, isPresumed: false, body };
  if (!isGuest) return answerTo(call, question, chatAskedBy);

  await rateLimit(call.env.GUEST_LIMIT, `ask ${addressOf(call.request)}`);
  const models = guestModels(call.env);
  const response = await answerTo(call, question, (asked) => {
    const chat = chatAskedBy(asked);
    if (models.includes(chat.request.model)) return chat;
    throw new OpenAIApiError(
      "not_for_guests",
      `Without an account only these models can be asked: ${models.join(", ")}. Sign up to ask any.`,
      "model",
    );
  });
  if (response.status !== 402) return response;
  throw new OpenAIApiError(
    "insufficient_funds",
    "What can be tried without an account is used up, or too little for this request. Sign up to go on.",
  );
}

/** What a page's refusals are called by /v1. */
const CODES: Partial<Record<ErrorCode, OpenAIErrorCode>> = {
  not_signed_in: "not_signed_in",
  wrong_origin: "origin_not_allowed",
  rate_limited: "rate_limited",
};

/** Any refusal of the chat, in the shape of /v1's. */
export function refused(error: unknown): Response {
  const code = error instanceof ApiError ? CODES[error.code] : undefined;
  const told =
    error instanceof ApiError && code !== undefined ? new OpenAIApiError(code, error.message) : error;
  return openAIErrorResponse(told, newJobId());
}
