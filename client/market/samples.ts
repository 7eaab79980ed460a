/** How programs ask this site for an answer. The key is taken from the environment: nobody should write one into a program. */

export const sampleKinds = ["curl", "javascript", "python"] as const;
export type SampleKind = (typeof sampleKinds)[number];

export const sampleNames: Record<SampleKind, string> = {
  curl: "curl",
  javascript: "JavaScript",
  python: "Python",
};

/**
 * A program that can be copied and run as it is.
 * @param origin this site's, without a slash at its end
 */
export function sampleOf(kind: SampleKind, origin: string, model: string): string {
  const base = `${origin}/v1`;
  switch (kind) {
    case "curl":
      return `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $TABARENA_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;
    case "javascript":
      return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${base}",
  apiKey: process.env.TABARENA_API_KEY,
});
const stream = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");`;
    case "python":
      return `import os
from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key=os.environ["TABARENA_API_KEY"],
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;
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
