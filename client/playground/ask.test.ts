import { afterEach, describe, expect, it, vi } from "vitest";
import { ask, dataOf, type Heard } from "./ask.ts";

const bytes = (...pieces: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

const chunk = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({ model: "tiny", choices: [{ delta, finish_reason: null, ...more }] })}\n\n`;

afterEach(() => vi.unstubAllGlobals());

/** What is heard where the site answers so. */
async function heardOf(response: Response): Promise<Heard[]> {
  vi.stubGlobal("fetch", async () => response);
  const heard: Heard[] = [];
  await ask({ model: "tiny", messages: [] }, new AbortController().signal, (each) => heard.push(each));
  return heard;
}

describe("a stream", () => {
  it("has its events whatever the pieces it comes in, and comments are passed over", async () => {
    const text = ': waiting\n\ndata: {"a":"ü"}\r\n\r\ndata:b\n\ndata: [DONE]\n\n';
    const whole = new TextEncoder().encode(text);
    for (let size = 1; size <= whole.length; size++) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
        whole.slice(at * size, (at + 1) * size),
      );
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
      const found: string[] = [];
      for await (const data of dataOf(body)) found.push(data);
      expect(found).toEqual(['{"a":"ü"}', "b", "[DONE]"]);
    }
  });
});

describe("an answer", () => {
  it("is heard word by word, with who serves it, why it ended and what it cost", async () => {
    const usage = { completion_tokens: 2, cost_nano: "4000" };
    const body = bytes(
      chunk({ role: "assistant", content: "" }),
      chunk({ reasoning_content: "Hm." }),
      chunk({ content: "Good" }),
      chunk({ content: " day" }, { finish_reason: "stop" }),
      `data: ${JSON.stringify({ model: "tiny", choices: [], usage })}\n\ndata: [DONE]\n\n`,
    );
    const headers = { "x-request-id": "job-1", "x-provider": "shed-1" };
    expect(await heardOf(new Response(body, { headers }))).toEqual([
      { type: "begun", job: "job-1", provider: "shed-1" },
      { type: "thought", text: "Hm." },
      { type: "text", text: "Good" },
      { type: "text", text: " day" },
      { type: "reason", reason: "stop" },
      { type: "usage", model: "tiny", tokens: 2, costNano: 4_000 },
    ]);
  });

  it.each([
    [
      "a refusal",
      Response.json({ error: { code: "no_provider", message: "x" } }, { status: 503 }),
      "no_provider",
    ],
    ["a proxy's page", new Response("<html>", { status: 502 }), "unexpected_answer"],
    [
      "an error in the middle",
      new Response(bytes(chunk({ content: "Go" }), 'data: {"error":{"code":"timed_out","message":"x"}}\n\n')),
      "timed_out",
    ],
    ["an end without its last word", new Response(bytes(chunk({ content: "Go" }))), "broken_off"],
    ["an event that is no chunk", new Response(bytes("data: 1\n\n")), "unexpected_answer"],
  ])("that is %s fails by its code", async (_what, response, code) => {
    await expect(heardOf(response)).rejects.toMatchObject({ code });
  });

  it("fails as offline where the site is not heard at all", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("no network")));
    const asking = ask({ model: "tiny", messages: [] }, new AbortController().signal, () => undefined);
    await expect(asking).rejects.toMatchObject({ code: "offline" });
  });
});
