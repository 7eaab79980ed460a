import type { Task } from "../../protocol/task.ts";

/** How programs ask this site for an answer. The key is taken from the environment: nobody should write one into a program. */

export const sampleKinds = ["curl", "javascript", "python"] as const;
export type SampleKind = (typeof sampleKinds)[number];

export const sampleNames: Record<SampleKind, string> = {
  curl: "curl",
  javascript: "JavaScript",
  python: "Python",
};

/** How each task is asked for: the address, what is asked beside the model, and what is there of an answer. */
const calls: Record<Task, { path: string; method: string; field: string; value: string; answer: string }> = {
  chat: {
    path: "chat/completions",
    method: "chat.completions",
    field: "messages",
    value: '[{"role": "user", "content": "Hello"}]',
    answer: "choices[0].message.content",
  },
  completion: {
    path: "completions",
    method: "completions",
    field: "prompt",
    value: '"Once upon a time"',
    answer: "choices[0].text",
  },
  embedding: {
    path: "embeddings",
    method: "embeddings",
    field: "input",
    value: '"Hello"',
    answer: "data[0].embedding",
  },
};

/**
 * A program that can be copied and run as it is.
 * @param origin this site's, without a slash at its end
 */
export function sampleOf(kind: SampleKind, origin: string, model: string, task: Task): string {
  const base = `${origin}/v1`;
  const { path, method, field, value, answer } = calls[task];
  switch (kind) {
    case "curl":
      return `curl ${base}/${path} \\
  -H "Authorization: Bearer $TABARENA_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "${field}": ${value}}'`;
    case "javascript":
      return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${base}",
  apiKey: process.env.TABARENA_API_KEY,
});
const answer = await client.${method}.create({
  model: "${model}",
  ${field}: ${value},
});
console.log(answer.${answer});`;
    case "python":
      return `import os
from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key=os.environ["TABARENA_API_KEY"],
)
answer = client.${method}.create(
    model="${model}",
    ${field}=${value},
)
print(answer.${answer})`;
    default:
      return kind satisfies never;
  }
}

/** The command that starts an agent, to be typed where the project is checked out. */
export const agentCommand = (
  origin: string,
  token: string,
): string => `AGENT_TOKEN=${token} npm run agent -- \\
  --url ${origin} \\
  --model my-model --gguf my-model.gguf \\
  --price-in 0.1 --price-out 0.4`;
