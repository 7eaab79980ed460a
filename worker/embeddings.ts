import { parseEmbeddingsRequest } from "../protocol/embeddings.ts";
import type { Asked } from "../rules/asked.ts";
import type { Call } from "./http.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { answerTo, type Question } from "./questions.ts";

/** POST /v1/embeddings */
export const embed = (call: Call, question: Question): Promise<Response> => answerTo(call, question, askedBy);

function askedBy(body: unknown): Asked {
  const parsed = parseEmbeddingsRequest(body);
  if (!parsed.ok) throw new OpenAIApiError("invalid_request", parsed.message, parsed.param);
  return { type: "embeddings", request: parsed.request };
}
