import { parseChatRequest } from "../protocol/chat.ts";
import type { Asked } from "../rules/asked.ts";
import type { Call } from "./http.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { answerTo, type Question } from "./questions.ts";

/** POST /v1/chat/completions */
export const complete = (call: Call, question: Question): Promise<Response> =>
  answerTo(call, question, askedBy);

function askedBy(body: unknown): Asked {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new OpenAIApiError("invalid_request", parsed.message, parsed.param);
  return { type: "chat", request: parsed.request };
}
