import type { ChatCompletionRequest } from "../protocol/chat.ts";
import { market, type Env } from "./env.ts";
import { consumer, type Consumer, type Guard, presumedConsumer } from "./guards.ts";
import { ApiError, readBytes, type Call } from "./http.ts";
import { answeredAgain, claimJob, idempotencyKey, releaseJob } from "./idempotency.ts";
import { newJobId, type JobOrder, type Surface } from "./job-order.ts";
import { OpenAIApiError } from "./openai-http.ts";

/** What is asked of models, at whatever address: who asks, what the Market is told, and what it answers. */

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

/** What is asked, and in which shape it is answered. */
export interface Asked {
  request: ChatCompletionRequest;
  surface: Surface;
}

/**
 * What the Market answers, or what it answered before under the same Idempotency-Key.
 *
 * @param read makes of the body's JSON what is asked; throws an OpenAIApiError that says what is wrong with it
 */
export async function answerTo(
  call: Call,
  question: Question,
  read: (body: unknown) => Asked,
): Promise<Response> {
  if (!question.isPresumed) return answered(call, question, read);
  const response = await answered(call, question, read).catch((error: unknown) => error);
  if (response instanceof Response && response.ok) return response;
  // A key that was revoked meanwhile is refused for that, whatever else is wrong.
  await consumer(call);
  if (response instanceof Response) return response;
  throw response;
}

async function answered(
  { request, env }: Call,
  { consumer, body }: Question,
  read: (body: unknown) => Asked,
): Promise<Response> {
  const key = idempotencyKey(request.headers);
  const order: JobOrder = {
    job: newJobId(),
    consumer: consumer.user,
    apiKey: consumer.apiKey,
    ...read(jsonOf(body)),
    keepsAnswer: key !== null,
  };
  if (key === null) return answer(env, order);

  const earlier = await claimJob(env, order, key);
  if (earlier) return answeredAgain(earlier, order);
  const response = await answer(env, order);
  if (!response.ok) await releaseJob(env, order);
  return response;
}

/** The response is passed on as it is: copying a stream would cost time on every token. */
const answer = (env: Env, order: JobOrder): Promise<Response> =>
  market(env).fetch("http://market/jobs", { method: "POST", body: JSON.stringify(order) });

function jsonOf(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new OpenAIApiError("invalid_request", "The request body is not valid JSON in UTF-8.");
  }
}
