import type { Asked } from "../rules/asked.ts";
import { choicesOf } from "../rules/choices.ts";
import { market, type Env } from "./env.ts";
import { consumer, type Consumer, type Guard, presumedConsumer } from "./guards.ts";
import { ApiError, readBytes, type Call } from "./http.ts";
import { answeredAgain, claimJobs, idempotencyKey, releaseJobs } from "./idempotency.ts";
import { KEY_CHANGED, newJobId, type ChoicesOrder, type JobOrder } from "./job-order.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { byStanding } from "./wishes.ts";

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
    throw new OpenAIApiError(
      error.code === "too_large" ? "body_too_large" : "invalid_request",
      error.message,
    );
  }
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
  const response = await answered(call, question, read).catch((error: unknown) => error);
  const isDoubtful =
    response instanceof Response
      ? response.headers.has(KEY_CHANGED) || (question.isPresumed && !response.ok)
      : question.isPresumed;
  if (isDoubtful) {
    // A key that was revoked meanwhile is refused for that, whatever else is wrong; one that was changed is asked by anew.
    const now = await consumer(call);
    if (now.version !== question.consumer.version)
      return answerTo(call, { ...question, consumer: now, isPresumed: false }, read);
  }
  if (response instanceof Response) return response;
  throw response;
}

async function answered(
  { request, env }: Call,
  { consumer, body }: Question,
  read: (body: unknown) => Asked,
): Promise<Response> {
  const key = idempotencyKey(request.headers);
  const asked = read(jsonOf(body));
  const jobs = choicesOf(asked).map(() => ({ job: newJobId() }));
  const order = {
    consumer: consumer.user,
    apiKey: consumer.apiKey,
    keyVersion: consumer.version,
    ...byStanding(asked, consumer.standing),
    keepsAnswer: key !== null,
  };
  if (key === null)
    return answer(env, { ...order, choices: jobs.map(({ job }) => ({ job, earlier: null })) });

  const choices = await claimJobs(env, { consumer: consumer.user, asked }, jobs, key);
  const response = await answer(env, { ...order, choices });
  if (!response.ok) await releaseJobs(env, jobs);
  return response;
}

/** The response is passed on as it is: copying a stream would cost time on every token. */
async function answer(env: Env, { choices, ...order }: ChoicesOrder): Promise<Response> {
  const [first, ...others] = choices;
  if (first === undefined || others.length > 0) return ask(env, "choices", { choices, ...order });
  if (first.earlier !== null) return answeredAgain(first.earlier, order);
  return ask(env, "jobs", { job: first.job, ...order });
}

const ask = (env: Env, path: "jobs" | "choices", body: JobOrder | ChoicesOrder): Promise<Response> =>
  market(env).fetch(`http://market/${path}`, { method: "POST", body: JSON.stringify(body) });

function jsonOf(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new OpenAIApiError("invalid_request", "The request body is not valid JSON in UTF-8.");
  }
}
