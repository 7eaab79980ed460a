import type { SampleKind } from "../market/samples.ts";

/** A request for an answer to a conversation, with what is ours in it apart. */
export interface SampleBody extends Readonly<Record<string, unknown>> {
  provider?: unknown;
}

/**
 * A program that asks for exactly this, and can be copied and run as it is.
 * @param origin this site's, without a slash at its end
 * @param body of a chat completion, without `stream`
 */
export function chatSampleOf(kind: SampleKind, origin: string, body: SampleBody): string {
  const base = `${origin}/v1`;
  switch (kind) {
    case "curl":
      return `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $TABARENA_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`;
    case "javascript":
      return `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${base}",
  apiKey: process.env.TABARENA_API_KEY,
});
const answer = await client.chat.completions.create(${JSON.stringify(body, null, 2)});
console.log(answer.choices[0].message.content);`;
    case "python": {
      // The Python client sends what it does not know only so.
      const { provider, ...known } = body;
      const fields = { ...known, ...(provider === undefined ? {} : { extra_body: { provider } }) };
      const named = Object.entries(fields).map(([name, value]) => `    ${name}=${inPython(value)},`);
      return `import os
from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key=os.environ["TABARENA_API_KEY"],
)
answer = client.chat.completions.create(
${named.join("\n")}
)
print(answer.choices[0].message.content)`;
    }
    default:
      return kind satisfies never;
  }
}

/** A value as Python writes it: JSON's texts are Python's, too, but for characters beyond 16 bits, which stay as they are. */
function inPython(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}: ${inPython(each)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
}
