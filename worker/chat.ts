import { parseChatRequest, type ChatCompletionRequest } from "../protocol/chat.ts";
import { market, type Env } from "./env.ts";
import { consumer, type Consumer, type Guard, presumedConsumer } from "./guards.ts";
import { ApiError, readBytes, type Call } from "./http.ts";
import { answeredAgain, claimJob, idempotencyKey, releaseJob } from "./idempotency.ts";
import { newJobId, type JobOrder } from "./job-order.ts";
import { OpenAIApiError } from "./openai-http.ts";

/** Of a request, images and all: more than any context holds, and little enough to be refused cheaply. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Who asks, and for what. */
export interface Question {
  consumer: Consumer;
  /** The key was good before, and has not been looked up again. */
  isPresumed: boolean;
  body: Uint8Array<ArrayBuffer>;
}

/** Whoever has a key: it is looked up while the body comes in, unless it was before and the hold tells whether it is still good. */
export const questioner: Guard<Question> = async (call) => {
  const body = readBody(call.request);
  // Heard below, unless the key is refused first.
  body.catch(() => undefined);
  const presumed = call.request.headers.has("idempotency-key") ? null : presumedConsumer(call);
  const who = presumed ?? (await consumer(call));
  return { consumer: who, isPresumed: presumed !== null, body: await body };
};

async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readBytes(request, MAX_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new OpenAIApiError("body_too_large", error.message);
  }
}

/** POST /v1/chat/completions: what the Market answers, or what it answered before under the same Idempotency-Key. */
export async function complete(call: Call, question: Question): Promise<Response> {
  if (!question.isPresumed) return completed(call, question);
  const response = await completed(call, question).catch((error: unknown) => error);
  if (response instanceof Response && response.ok) return response;
  // A key that was revoked meanwhile is refused for that, whatever else is wrong.
  await consumer(call);
  if (response instanceof Response) return response;
  throw response;
}

async function completed({ request, env }: Call, { consumer, body }: Question): Promise<Response> {
  const key = idempotencyKey(request.headers);
  const asked = chatRequest(body);
  const order: JobOrder = {
    job: newJobId(),
    consumer: consumer.user,
    apiKey: consumer.apiKey,
    request: asked,
    keepsAnswer: key !== null,
  };
  if (key === null) return answer(env, order);

  const earlier = await claimJob(env, order, key);
  if (earlier) return answeredAgain(earlier, asked);
  const response = await answer(env, order);
  if (!response.ok) await releaseJob(env, order);
  return response;
}

/** The response is passed on as it is: copying a stream would cost time on every token. */
const answer = (env: Env, order: JobOrder): Promise<Response> =>
  market(env).fetch("http://market/jobs", { method: "POST", body: JSON.stringify(order) });

/** @throws OpenAIApiError that says what is wrong with the body */
function chatRequest(bytes: Uint8Array): ChatCompletionRequest {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new OpenAIApiError("invalid_request", "The request body is not valid JSON in UTF-8.");
  }
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new OpenAIApiError("invalid_request", parsed.message, parsed.param);
  return parsed.request;
}
