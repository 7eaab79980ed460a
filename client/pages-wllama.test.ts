import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../scripts/setup.ts";
import { openWllamaSite, tinyTabModel, type WllamaSite, type WllamaTab } from "./testing/wllama-site.ts";
import { chat, completion } from "./testing/wllama-jobs.ts";
import type { Wish } from "./testing/wllama-worker.ts";

const write = (
  request: Extract<Wish, { do: "write" }>["request"],
  wishes: { cancelAfter?: number; slowMs?: number } = {},
): Wish => ({
  do: "write",
  request,
  cancelAfter: null,
  slowMs: 0,
  ...wishes,
});
const open = { do: "open", model: tinyTabModel, contextTokens: 1024 } as const;
const capital = "What is the capital of France?";
const [file] = tinyTabModel.files;
const chromium = findChromium();
const skipped = chromium === null ? " (skipped: there is no Chromium here)" : "";

describe.skipIf(chromium === null)(`wllama in a Worker of a real browser${skipped}`, () => {
  let site: WllamaSite;
  beforeAll(async () => {
    site = await openWllamaSite();
  });
  afterAll(() => site.close());

  /** Opens a tab before the tests that follow, and what it is asked for by them. */
  function inTab(isolated: boolean) {
    let tab: WllamaTab;
    beforeAll(async () => {
      tab = await site.open(isolated);
    });
    afterAll(async () => {
      expect(tab.errors).toEqual([]);
      await tab.close();
    });
    const ask: WllamaTab["ask"] = (done, wish) => tab.ask(done, wish);
    const written = async (...asked: Parameters<typeof write>) => {
      const answer = await ask("write", write(...asked));
      return {
        ...answer,
        text: answer.pieces.map(({ text }) => text).join(""),
        tokens: answer.pieces.reduce((sum, { tokenCount }) => sum + tokenCount, 0),
        ids: answer.pieces.flatMap(({ tokenIds = [] }) => tokenIds),
      };
    };
    const answer = async (...asked: Parameters<typeof chat>) => written(chat(...asked));

    it("loads a model from the site, and says what it serves", async () => {
      const { facts, device, progress, isolated: told } = await ask("open", open);
      expect([told, device]).toEqual([isolated, "cpu"]);
      expect(facts).toMatchObject({
        artifact: { sha256: file?.sha256, bytes: file?.bytes, quantisation: "F16" },
        engine: {
          name: "wllama",
          build: expect.stringMatching(/^\d+\.\d+\.\d+ \(llama\.cpp \S+, cpu, \d+ threads?\)$/),
        },
        tasks: ["chat", "completion"],
        contextTokens: 1024,
        slots: 1,
        features: ["prefill", "token_ids", "logprobs", "logit_bias", "json_object", "json_schema"],
      });
      expect(facts.tokensPerSecond).toBeGreaterThan(0);
      expect(progress.map(({ phase }) => phase)).toContain("download");
      expect(progress.at(-1)?.phase).toBe("start");
    });

    it.each([
      [capital, "The capital of France is Paris."],
      ["What is 2 + 3?", "2 + 3 = 5."],
      ["Count to 10.", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."],
    ])("answers %j as the native engine does", async (question, expected) => {
      const { text, ids, tokens, ending } = await answer(question);
      expect([text, ending.reason, ids.length, ending.usage.completionTokens]).toEqual([
        expected,
        "stop",
        tokens,
        tokens,
      ]);
      expect(ending.usage.promptTokens).toBeGreaterThan(ending.usage.cachedPromptTokens);
    });

    return { ask, written, answer };
  }

  describe("of a document with no headers for it", () => {
    inTab(false);
  });

  describe("of a document that is isolated from all others", () => {
    const { ask, written, answer } = inTab(true);

    it("keeps the model's files, whole and checked", async () => {
      const { files } = await ask("kept", { do: "kept" });
      expect(files).toEqual([{ sha256: file?.sha256, bytes: file?.bytes, complete: true }]);
    });

    it("does as the system turn says, whether a system or a developer says it", async () => {
      for (const role of ["system", "developer"] as const) {
        const { text } = await answer([
          { role, content: "You are a pirate." },
          { role: "user", content: [{ type: "text", text: capital }] },
        ]);
        expect(text).toBe("Arr! The capital of France is Paris.");
      }
    });

    it("gives out characters whole that several tokens make, with their probabilities or without", async () => {
      for (const tokenIds of [true, false]) {
        const { text, tokens, ending } = await answer("Say hello in Japanese.", { tokenIds });
        expect([text, tokens, ending.usage.completionTokens]).toEqual(["こんにちは", 15, 15]);
      }
    });

    it("ends before a stop string, and is free for the next answer", async () => {
      const { text, tokens, ending } = await answer("Count to 10.", { stop: ["no such", ", 4, 5"] });
      expect([text, ending.reason]).toEqual(["1, 2, 3", "stop"]);
      expect(ending.usage.completionTokens).toBe(tokens);
      expect((await answer(capital)).text).toBe("The capital of France is Paris.");
    });

    it("ends after as many tokens as it may write", async () => {
      const { ids, ending } = await answer("Count to 50.", { maxTokens: 7 });
      expect([ids.length, ending.reason, ending.usage.completionTokens]).toEqual([7, "length", 7]);
    });

    it("tells how likely each token was, with its id and the likeliest in its place", async () => {
      const { pieces } = await answer(capital, { logprobs: 2 });
      const entries = pieces.flatMap(({ logprobs = [] }) => logprobs);
      expect(entries.map(({ token }) => token).join("")).toBe("The capital of France is Paris.");
      for (const { logprob, top_logprobs: likeliest, token } of entries) {
        expect(logprob).toBeLessThanOrEqual(0);
        expect(likeliest.map((entry) => entry.token)).toContain(token);
        expect(likeliest).toHaveLength(2);
      }
    });

    it("goes on with an answer as if it had written it", async () => {
      const { text } = await answer(capital, { continuation: "The capital of" });
      expect(text).toBe(" France is Paris.");
      const question = `<|im_start|>user\nCount to 5.<|im_end|>\n<|im_start|>assistant\n`;
      const { text: rest } = await written(completion(question, { continuation: "1, 2" }));
      expect(rest).toBe(", 3, 4, 5.");
    });

    it("writes JSON of a given schema", async () => {
      const { text } = await answer(capital, {
        responseFormat: {
          type: "json_schema",
          json_schema: {
            name: "check",
            schema: {
              type: "object",
              properties: { ok: { type: "boolean" } },
              required: ["ok"],
              additionalProperties: false,
            },
          },
        },
      });
      expect(JSON.parse(text)).toEqual({ ok: expect.any(Boolean) });
    });

    it("draws the same for the same seed, and other answers for others", async () => {
      const draw = async (seed: number): Promise<string> =>
        (
          await answer("Tell me a story about a cat.", {
            sampling: { ...chat("").sampling, temperature: 0.9, seed },
          })
        ).text;
      expect(await draw(1)).toBe(await draw(1));
      expect(new Set([await draw(1), await draw(2), await draw(3)]).size).toBeGreaterThan(1);
    });

    it("stops when it is cancelled, and answers the next", async () => {
      const { pieces, tokens, ending } = await written(chat("Count to 50."), { cancelAfter: 4 });
      expect([pieces.length, ending.reason, ending.usage.completionTokens]).toEqual([4, "cancelled", tokens]);
      expect((await answer(capital)).text).toBe("The capital of France is Paris.");
    });

    it("draws no token before the last was taken", async () => {
      const { text, ending, ahead } = await written(chat(capital), { slowMs: 30 });
      expect([text, ahead]).toEqual(["The capital of France is Paris.", 1]);
      // Nine pauses are part of its own time, as it waited for each.
      expect(ending.timings?.completionMs).toBeGreaterThan(8 * 30);
    });

    it("refuses what does not fit in the context, and answers the next", async () => {
      const refused = await ask("failed", write(chat("word ".repeat(2_000))));
      expect(refused.code).toBe("too_long");
      expect((await answer(capital)).text).toBe("The capital of France is Paris.");
    });

    it("fills the context to its last token", async () => {
      const unending = { ...chat("").sampling, logitBias: { 258: -100, 260: -100 } };
      const { ending } = await written(
        completion("1, ".repeat(480), { maxTokens: 5_000, sampling: unending }),
      );
      expect(ending.reason).toBe("length");
      expect(ending.usage.promptTokens).toBeGreaterThan(500);
      expect(ending.usage.promptTokens + ending.usage.completionTokens).toBe(1024);
    });

    it("opens the kept files without asking the site again, and no more once they are deleted", async () => {
      await ask("nothing", { do: "close" });
      const asked = () => site.requests.filter((path) => path.startsWith("/weights/")).length;
      const before = asked();
      await ask("open", open);
      expect(asked()).toBe(before);
      await ask("nothing", { do: "close" });
      await ask("nothing", { do: "delete", sha256: file?.sha256 ?? "" });
      expect((await ask("kept", { do: "kept" })).files).toEqual([]);
    });

    it("serves a file that somebody picks, and no other than the model's where that is known", async () => {
      const [{ url } = { url: "" }] = tinyTabModel.files;
      const any = { ...tinyTabModel, quantisation: null, files: [] };
      const { facts, progress } = await ask("open", { ...open, do: "pick", model: any, url });
      expect(facts.artifact).toEqual({ sha256: file?.sha256, bytes: file?.bytes, quantisation: "F16" });
      expect(progress.map(({ phase }) => phase)).toEqual(["check", "start"]);
      expect((await answer(capital)).text).toBe("The capital of France is Paris.");
      await ask("nothing", { do: "close" });
      const other = await ask("failed", { ...open, do: "pick", url: "/page.js" });
      expect(other.code).toBe("integrity");
    });

    it("says so of a context that the model was not trained for, and of what is no model", async () => {
      expect((await ask("failed", { ...open, contextTokens: 4_096 })).code).toBe("context");
      const any = { ...tinyTabModel, files: [] };
      const none = await ask("failed", { ...open, do: "pick", model: any, url: "/page.js" });
      expect([none.code, none.message]).toEqual(["unknown_model", expect.stringContaining("GGUF")]);
    });
  });
});
