import type { ChatJob } from "../../protocol/job.ts";
import { EngineError } from "../../provider/engine.ts";
import { templateTurn, type TemplateTurn } from "../../provider/template-turn.ts";

/** What web-llm is asked for, in its own words: of OpenAI's, it knows some, and some otherwise. */
export interface Asked {
  stream: true;
  stream_options: { include_usage: true };
  messages: TemplateTurn[];
  max_tokens: number;
  temperature: number;
  top_p: number;
  frequency_penalty: number;
  presence_penalty: number;
  repetition_penalty: number;
  logit_bias?: Record<string, number>;
  seed?: number;
  logprobs?: true;
  top_logprobs?: number;
  response_format?: { type: "json_object"; schema?: string };
}

/** So small that only the likeliest token is left, and the least that it takes. */
const LIKELIEST = 1e-5;

/** Alternatives of one token. */
const MOST_LIKELIEST = 5;

/**
 * A job in web-llm's words. Nothing is left to the defaults of a model's configuration. Stop strings are not among them: of one that
 * takes several tokens it has given out the beginning already.
 *
 * @throws EngineError `unsupported` for what this engine can't do
 */
export function askedFor(job: ChatJob): Asked {
  if (job.tools.length > 0 && job.toolChoice !== "none") throw no("this engine knows no tools");
  // Its last turn must be the user's, so nobody can begin an answer for it.
  if (job.continuation !== null) throw no("this engine has no prefill");
  if (job.tokenIds) throw no("this engine has no token_ids");
  const { sampling, maxTokens } = job;
  return {
    stream: true,
    stream_options: { include_usage: true },
    messages: turnsOf(job),
    max_tokens: maxTokens,
    temperature: sampling.temperature,
    top_p: Math.max(LIKELIEST, sampling.topP),
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    repetition_penalty: 1,
    ...(Object.keys(sampling.logitBias).length === 0 ? {} : { logit_bias: { ...sampling.logitBias } }),
    ...(sampling.seed === null ? {} : { seed: sampling.seed }),
    ...probabilities(job),
    ...format(job),
  };
}

/** One turn of the system at most, which is the first, and the user's at the end. */
function turnsOf({ messages }: ChatJob): TemplateTurn[] {
  const turns = messages.map(templateTurn);
  const begin = turns.findIndex(({ role }) => role !== "system");
  const system = begin < 0 ? turns : turns.slice(0, begin);
  const talk = begin < 0 ? [] : turns.slice(begin);
  if (talk.some(({ role }) => role === "system"))
    throw no("this engine reads what the system says at the beginning only");
  if (talk.at(-1)?.role !== "user") throw no("this engine answers only where the last turn is the user's");
  const content = system.map((turn) => turn.content).join("\n\n");
  return system.length === 0 ? talk : [{ role: "system", content }, ...talk];
}

/**
 * It tells probabilities as they are drawn from: after temperature, penalties and biases. At temperature 0 they are 0 and 1, so
 * there the likeliest token is asked for in another way, which draws the same. What they were at temperature 1 can't be
 * told at any other. Asked for no alternatives, it tells nothing at all.
 */
function probabilities({ logprobs, sampling }: ChatJob): Partial<Asked> {
  if (logprobs === null) return {};
  if (logprobs > MOST_LIKELIEST)
    throw no(`this engine tells ${MOST_LIKELIEST} alternatives of a token at most, not ${logprobs}`);
  const { temperature, frequencyPenalty, presencePenalty, logitBias } = sampling;
  const isPlain = frequencyPenalty === 0 && presencePenalty === 0 && Object.keys(logitBias).length === 0;
  if (!isPlain || (temperature !== 0 && temperature !== 1))
    throw no(
      "this engine tells probabilities at temperature 0 or 1 only, with no penalties and no logit_bias",
    );
  const asked = { logprobs: true as const, top_logprobs: Math.max(1, logprobs) };
  return temperature === 1 ? asked : { ...asked, temperature: 1, top_p: LIKELIEST };
}

function format({ responseFormat }: ChatJob): Partial<Asked> {
  switch (responseFormat.type) {
    case "text":
      return {};
    case "json_object":
      return { response_format: { type: "json_object" } };
    case "json_schema": {
      const { schema } = responseFormat.json_schema;
      return {
        response_format: { type: "json_object", ...(schema ? { schema: JSON.stringify(schema) } : {}) },
      };
    }
    default:
      return responseFormat satisfies never;
  }
}

const no = (sentence: string): EngineError => new EngineError("unsupported", sentence);
