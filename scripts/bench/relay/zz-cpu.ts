import { openArms } from "./arms.ts";
import { usedMs } from "./children.ts";
const open = await openArms();
const arm = open.arms.find((a) => a.name === "tabarena")!;
const h = { ...arm.target.headers, "content-type": "application/json" };
const chat = (tokens: number, model = "bench-model", stream = true) =>
  fetch(arm.target.url + "/v1/chat/completions", {
    method: "POST",
    headers: h,
    body: JSON.stringify({
      model,
      stream,
      max_tokens: tokens,
      messages: [
        {
          role: "user",
          content: JSON.stringify({
            id: crypto.randomUUID(),
            tokens,
            tokensPerSecond: null,
            firstTokenMs: 0,
          }),
        },
      ],
    }),
  }).then((r) => r.text());
import { readFileSync } from "node:fs";
const kinds: [string, () => Promise<unknown>][] = [
  ["health", () => fetch(arm.target.url + "/health").then((r) => r.text())],
  ["models (key, rpc, d1)", () => fetch(arm.target.url + "/v1/models", { headers: h }).then((r) => r.text())],
  [
    "badkey",
    () =>
      fetch(arm.target.url + "/v1/models", { headers: { authorization: "Bearer x" } }).then((r) => r.text()),
  ],
  ["chat no model (key, do, d1)", () => chat(5, "nobody")],
  ["chat 1", () => chat(1)],
];
for (const [name, f] of kinds) {
  for (let i = 0; i < 50; i++) await f();
  const N = 300;
  const before = usedMs([arm.server])![0]!;
  const t = performance.now();
  for (let i = 0; i < N; i += 10) await Promise.all(Array.from({ length: 10 }, f));
  const ms = performance.now() - t;
  console.log(
    name.padEnd(30),
    ((usedMs([arm.server])![0]! - before) / N).toFixed(2),
    "ms CPU/request",
    (ms / N).toFixed(2),
    "wall",
  );
}
const say = await chat(3);
console.log(say.slice(0, 300));
await open.close();
process.exit(0);
