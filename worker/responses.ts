import * as v from "valibot";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { parseResponsesRequest } from "../protocol/responses.ts";
import type { Asked } from "../rules/asked.ts";
import { chatRequestOf, echoOf, messageHere, paramHere } from "../rules/response-request.ts";
import type { Call } from "./http.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { answerTo, type Question } from "./questions.ts";

/** POST /v1/responses: asked of the Market as a chat request, and answered in the shape of this address. */
export async function create(call: Call, question: Question): Promise<Response> {
  let origins: readonly string[] = [];
  const response = await answerTo(call, question, (body) => {
    const { asked, origins: from } = askedBy(body);
    origins = from;
    return asked;
  });
  return response.ok ? response : refusalHere(response, origins);
}

function askedBy(body: unknown): { asked: Asked; origins: string[] } {
  const parsed = parseResponsesRequest(body);
  if (!parsed.ok) throw new OpenAIApiError("invalid_request", parsed.message, parsed.param);
  const { request, origins } = chatRequestOf(parsed.request);
  return { asked: { type: "responses", request, echo: echoOf(parsed.request) }, origins };
}

/** A refusal of the Market's, which knows the chat request only, by the names that the sender used. */
async function refusalHere(response: Response, origins: readonly string[]): Promise<Response> {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  const { message, param } = error;
  const here = { ...error, message: messageHere(message), param: paramHere(param, origins) };
  const { status } = response;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify({ error: here } satisfies OpenAIErrorBody), { status, headers });
}
