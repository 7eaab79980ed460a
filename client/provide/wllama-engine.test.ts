import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ChatJob, JobRequest } from "../../protocol/job.ts";
import type { Piece } from "../../provider/engine.ts";
import {
  end,
  opening,
  type ScriptedAnswer,
  type ScriptedLoad,
  type ScriptedWllama,
  scriptedWllama,
  token,
} from "../testing/scripted-wllama.ts";
import { chat, completion } from "../testing/wllama-jobs.ts";
import type { Device } from "./page/device.ts";
import type { TabEngine } from "./tab-engine.ts";
import { openWllamaWith, threadsOf } from "./wllama-engine.ts";

const tiny = readFileSync(join(import.meta.dirname, "../../agent/model/tabarena-tiny.gguf"));
const processor: Device = { gpu: null, cores: 2, memory: null, threads: true };
const card: Device["gpu"] = { name: "a card", isFallback: false, hasF16: true, bufferBytes: 1 };
const onCard = { ...processor, gpu: card };
const layersOnCard = ["load_tensors:      WebGPU model buffer size =     0.43 MiB"];
const layersOnCpu = ["load_tensors:          CPU model buffer size =     0.43 MiB"];

interface Wishes {
  device?: Device;
  loads?: ScriptedLoad[];
  contextTokens?: number;
  signal?: AbortSignal;
  bytes?: Uint8Array<ArrayBuffer>;
  /** What it is asked for while it is opened. */
  first?: readonly ScriptedAnswer[];
}

function open(
  answers: readonly ScriptedAnswer[],
  { device = processor, loads, contextTokens = 512, signal, bytes = tiny, first = opening }: Wishes = {},
): { wllama: ScriptedWllama; opened: Promise<TabEngine> } {
  const wllama = scriptedWllama([...first, ...answers], loads);
  const opened = openWllamaWith(
    {
      create: wllama.create,
      version: () => "1.2.3 (llama.cpp b1",
      weights: async () => ({
        files: [new File([bytes], "tiny.gguf")],
        artifact: { sha256: null, bytes: bytes.length },
      }),
      device: async () => device,
    },
    {
      model: {
        name: "tiny",
        engine: "wllama",
        quantisation: null,
        contextTokens: 1_024,
        memoryBytes: 1,
        features: [],
        files: [],
      },
      weights: { from: "network" },
      contextTokens,
      onProgress: () => undefined,
      signal: signal ?? new AbortController().signal,
    },
  );
  opened.catch(() => undefined);
  return { wllama, opened };
}

async function written(engine: TabEngine, job: JobRequest, signal = new AbortController().signal) {
  const pieces: Piece[] = [];
  const prepared = await engine.prepare(job);
  const ending = await prepared.write((piece) => void pieces.push(piece), signal);
  return { pieces, text: pieces.map(({ text }) => text).join(""), ending };
}

/** One answer to one request. */
async function answered(job: JobRequest, ...answers: ScriptedAnswer[]) {
  const { wllama, opened } = open(answers);
  const answer = await written(await opened, job);
  return { ...answer, asked: wllama.asked.slice(opening.length) };
}

const garbled = new RangeError("Invalid typed array length: 1163217991");
const noCharacter = "[json.exception.type_error.316] invalid UTF-8 byte at index 0: 0x85";

describe("what wllama serves", () => {
  it("is said by the file, the load and a short trial", async () => {
    const { facts, device, gpu } = await open([], { loads: [{ log: layersOnCpu }] }).opened;
    expect([device, gpu]).toEqual(["cpu", null]);
    expect(facts).toEqual({
      artifact: { sha256: null, bytes: tiny.length, quantisation: "F16" },
      engine: { name: "wllama", build: "1.2.3 (llama.cpp b1, cpu, 1 thread)" },
      tasks: ["chat", "completion"],
      contextTokens: 512,
      slots: 1,
      features: ["prefill", "token_ids", "logprobs", "logit_bias", "json_object", "json_schema"],
      // Ten tokens after the first, in eleven milliseconds from it on.
      tokensPerSecond: (1000 * 10) / 11,
    });
  });

  it("is told how fast it is even where what it writes in the trial is no characters", async () => {
    const trial = { chunks: [token("a", 1), token("b", 11)], error: garbled, complaint: noCharacter };
    const { facts } = await open([], { first: [trial, ...opening.slice(1)] }).opened;
    expect(facts.tokensPerSecond).toBe((1000 * 10) / 11);
  });

  it("is no continuation of answers where the model's template lets nobody go on", async () => {
    for (const refusal of [
      { chunks: [], error: new Error("prefill is incompatible with thinking") },
      { chunks: [token("Hello", 1), ...end(1, "length")] },
    ]) {
      const engine = await open([], { first: [opening[0] ?? refusal, refusal] }).opened;
      expect(engine.facts.features).not.toContain("prefill");
      await expect(engine.prepare(chat("Hello.", { continuation: "He" }))).rejects.toMatchObject({
        reason: "unsupported",
      });
    }
  });

  it("is called a GPU's only where parts of the model lie on one", async () => {
    const found = async (device: Device, log: string[]) => {
      const { opened, wllama } = open([], { device, loads: [{ log }] });
      const engine = await opened;
      return [engine.device, engine.gpu, wllama.loads.map((load) => load.n_gpu_layers > 0)];
    };
    expect(await found(onCard, layersOnCard)).toEqual(["gpu", "a card", [true]]);
    expect(await found(onCard, layersOnCpu)).toEqual(["cpu", null, [true]]);
    const played = { ...processor, gpu: { ...card, isFallback: true } };
    expect(await found(played, layersOnCpu)).toEqual(["cpu", null, [false]]);
    expect(await found(processor, layersOnCpu)).toEqual(["cpu", null, [false]]);
  });

  it("is served by the processor where the graphics device fails", async () => {
    const { opened, wllama } = open([], {
      device: onCard,
      loads: [{ log: layersOnCard, error: new Error("Device was lost") }, { log: layersOnCpu }],
    });
    expect((await opened).device).toBe("cpu");
    expect([wllama.loads.map((load) => load.n_gpu_layers > 0), wllama.exits]).toEqual([[true, false], 1]);
  });

  it.each([
    [{ threads: false, cores: 16 }, 1],
    [{ threads: true, cores: 2 }, 1],
    [{ threads: true, cores: 4 }, 2],
    [{ threads: true, cores: 64 }, 8],
  ])("takes, of %j, %d threads", (device, threads) => {
    expect(threadsOf(device)).toBe(threads);
  });
});

describe("a model that wllama can't open", () => {
  it.each<[string, ScriptedLoad, string]>([
    [
      "of a kind that it does not know",
      { vocabulary: 0, complaint: "error loading model: unknown model architecture: 'x'" },
      "unknown_model",
    ],
    ["too large", { error: new Error("(ABORT) Aborted(OOM)") }, "out_of_memory"],
    ["too large for its context", { complaint: "failed to allocate buffer", vocabulary: 0 }, "out_of_memory"],
    ["for no reason that is known", { error: new Error("what?") }, "broken"],
    ["as its Worker can't start", { broken: new Event("error") }, "broken"],
  ])("is a fault: %s", async (_, load, code) => {
    const { opened, wllama } = open([], { loads: [load] });
    await expect(opened).rejects.toMatchObject({ name: "EngineFault", code });
    expect(wllama.exits).toBe(1);
  });

  it("is a fault before it is loaded where it is no GGUF, or not made for such a context", async () => {
    const long = open([], { contextTokens: 2_048 });
    await expect(long.opened).rejects.toMatchObject({ code: "context" });
    const picture = open([], { bytes: new TextEncoder().encode("PNG and so on") });
    await expect(picture.opened).rejects.toMatchObject({ code: "unknown_model" });
    expect([...long.wllama.loads, ...picture.wllama.loads]).toEqual([]);
  });

  it("is a fault where its first tokens fail", async () => {
    const { opened, wllama } = open([], { first: [{ chunks: [], error: new Error("(ABORT) boom") }] });
    await expect(opened).rejects.toMatchObject({ name: "EngineFault", code: "broken" });
    expect(wllama.exits).toBe(1);
  });

  it("is given up at once", async () => {
    const abort = new AbortController();
    const { opened, wllama } = open([], { loads: [{ hangs: true }], signal: abort.signal });
    await expect.poll(() => wllama.loads.length).toBe(1);
    abort.abort(new Error("enough"));
    await expect(opened).rejects.toThrow("enough");
    expect(wllama.exits).toBe(1);
  });
});

describe("an answer by wllama", () => {
  it("comes a token at a time, with ids and probabilities, and says what it used", async () => {
    const { pieces, ending } = await answered(chat("Hi.", { logprobs: 0 }), {
      chunks: [
        { choices: [{ delta: { role: "assistant", content: null } }] },
        token("a", 1, 40),
        token("b", 2, 41),
        ...end(3),
      ],
    });
    const logprobs = (said: string) => [{ token: said, bytes: [1], logprob: -0.5, top_logprobs: [] }];
    expect(pieces).toEqual([
      { text: "a", tokenCount: 1, tokenIds: [40], logprobs: logprobs("a") },
      { text: "b", tokenCount: 1, tokenIds: [41], logprobs: logprobs("b") },
    ]);
    expect(ending).toEqual({
      reason: "stop",
      usage: { promptTokens: 7, cachedPromptTokens: 2, completionTokens: 2 },
      timings: { promptMs: 3, completionMs: 2 },
    });
  });

  it("has no ids for a character of several tokens, of which only the last is told", async () => {
    const { pieces } = await answered(chat("Hi."), {
      chunks: [token("a", 1, 40), token("こ", 4, 41), ...end(5)],
    });
    expect(pieces).toEqual([
      { text: "a", tokenCount: 1, tokenIds: [40] },
      { text: "こ", tokenCount: 3 },
    ]);
  });

  it("counts tokens without a text, but not the one that ends it", async () => {
    const texts = (reason: string, count: number) => ({
      chunks: [token("a", 1), token("", 4), ...end(count, reason)],
    });
    const { pieces, ending } = await answered(chat("Hi."), texts("length", 4));
    expect(pieces.map(({ tokenCount }) => tokenCount)).toEqual([1, 3]);
    expect([ending.reason, ending.usage.completionTokens]).toEqual(["length", 4]);
    expect((await answered(chat("Hi."), texts("stop", 2))).ending.usage.completionTokens).toBe(1);
  });

  it("tells apart what the model thinks", async () => {
    const thought = {
      choices: [{ delta: { reasoning_content: "hm" } }],
      timings: { prompt_n: 1, prompt_ms: 1, predicted_n: 1, predicted_ms: 1 },
    };
    const { pieces } = await answered(chat("Hi.", { tokenIds: false }), {
      chunks: [thought, token("a", 2), ...end(3)],
    });
    expect(pieces).toEqual([
      { text: "", reasoning: "hm", tokenCount: 1 },
      { text: "a", tokenCount: 1 },
    ]);
  });

  it("is asked for by the request's own sampling, and nothing of wllama's defaults", async () => {
    const sampling: ChatJob["sampling"] = {
      temperature: 0.7,
      topP: 0.5,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logitBias: { "5": -3 },
      seed: 9,
    };
    const { asked } = await answered(chat("Hi.", { sampling, logprobs: 3, maxTokens: 12, stop: ["x"] }), {
      chunks: end(1),
    });
    expect(asked).toEqual([
      expect.objectContaining({
        messages: [{ role: "user", content: "Hi." }],
        max_tokens: 12,
        temperature: 0.7,
        top_p: 0.5,
        top_k: 0,
        min_p: 0,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        logit_bias: { "5": -3 },
        seed: 9,
        logprobs: true,
        top_logprobs: 3,
      }),
    ]);
    expect(asked[0]).not.toHaveProperty("stop");
  });

  it("goes on with a text, and with an answer whose beginning wllama tells once more", async () => {
    const text = await answered(completion("One, ", { continuation: "two" }), { chunks: end(1) });
    expect(text.asked[0]).toMatchObject({ prompt: "One, two" });
    const begun = await answered(chat("Hi.", { continuation: "Hel" }), {
      chunks: [token("He", 1), token("llo", 2), ...end(3)],
    });
    expect(begun.asked[0]).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant", content: "Hel" }],
    });
    expect(begun.text).toBe("lo");
    await expect(
      answered(chat("Hi.", { continuation: "Hel" }), { chunks: [token("Bye", 1), ...end(2)] }),
    ).rejects.toMatchObject({ reason: "engine" });
  });

  it("is not begun where it needs what wllama can't do", async () => {
    const engine = await open([]).opened;
    const tool = { type: "function", function: { name: "x" } } as const;
    for (const job of [
      chat("Hi.", { tools: [tool], toolChoice: "auto" }),
      chat("Hi.", { continuation: "{", responseFormat: { type: "json_object" } }),
      chat([{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }]),
      { type: "embedding", inputs: ["a"], dimensions: null } satisfies JobRequest,
    ] satisfies JobRequest[])
      await expect(engine.prepare(job)).rejects.toMatchObject({ reason: "unsupported" });
  });

  it("is one at a time", async () => {
    const engine = await open([{ chunks: [token("a", 1), ...end(2)] }]).opened;
    const jobs = await Promise.all([engine.prepare(chat("Hi.")), engine.prepare(chat("Hi."))]);
    const [first, second] = jobs.map((job) => job.write(() => undefined, new AbortController().signal));
    await expect(second).rejects.toMatchObject({ reason: "busy" });
    await expect(first).resolves.toMatchObject({ reason: "stop" });
  });

  it("waits for who takes it, and ends where nobody does any more", async () => {
    const engine = await open([{ chunks: [token("a", 1), token("b", 2), token("c", 3), ...end(4)] }]).opened;
    const abort = new AbortController();
    const taking = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const texts: string[] = [];
    const job = await engine.prepare(chat("Hi."));
    const ending = job.write(({ text }) => {
      texts.push(text);
      return taking[texts.length - 1]?.promise;
    }, abort.signal);
    await expect.poll(() => texts).toEqual(["a"]);
    taking[0]?.resolve();
    await expect.poll(() => texts).toEqual(["a", "b"]);
    abort.abort();
    taking[1]?.resolve();
    await expect(ending).resolves.toMatchObject({ reason: "cancelled", usage: { completionTokens: 2 } });
    expect(texts).toEqual(["a", "b"]);
  });

  it("ends before a stop string, and draws nothing behind it", async () => {
    const { text, ending } = await answered(chat("Hi.", { stop: ["bc"] }), {
      chunks: [token("a", 1), token("b", 2), token("c", 3), token("d", 4), ...end(5)],
    });
    expect([text, ending.reason, ending.usage.completionTokens]).toEqual(["a", "stop", 3]);
  });
});

describe("an answer by wllama that fails", () => {
  it("is drawn again without probabilities where one can't be told, and nothing is given out twice", async () => {
    const { pieces, asked, ending } = await answered(
      chat("Hi.", { logprobs: 0 }),
      { chunks: [token("a", 1, 40), token("b", 2, 41)], error: garbled, complaint: noCharacter },
      { chunks: [token("a", 1), token("b", 2), token("ç", 4), token("d", 5), ...end(6)] },
    );
    expect(pieces.map(({ text, tokenCount, tokenIds = null }) => [text, tokenCount, tokenIds])).toEqual([
      ["a", 1, [40]],
      ["b", 1, [41]],
      ["ç", 2, null],
      ["d", 1, null],
    ]);
    expect(ending).toMatchObject({ reason: "stop", usage: { completionTokens: 5 } });
    const [first, second] = asked;
    expect(second).toEqual({ ...first, logprobs: undefined, top_logprobs: undefined });
  });

  it("is drawn again by the same seed, where the request has none", async () => {
    const { asked } = await answered(
      chat("Hi.", { sampling: { ...chat("").sampling, seed: null } }),
      { chunks: [], error: garbled, complaint: noCharacter },
      { chunks: end(1) },
    );
    expect(asked[0]?.["seed"]).toEqual(expect.any(Number));
    expect(asked[1]?.["seed"]).toBe(asked[0]?.["seed"]);
  });

  it("is not gone on with where the second try has another beginning", async () => {
    await expect(
      answered(
        chat("Hi."),
        { chunks: [token("a", 1, 40)], error: garbled, complaint: noCharacter },
        { chunks: [token("x", 1), token("b", 2), ...end(3)] },
      ),
    ).rejects.toMatchObject({ reason: "engine", message: expect.stringContaining("second time") });
  });

  it("says what llama.cpp says, and is not tried again for that", async () => {
    const { wllama, opened } = open([
      { chunks: [], error: garbled, complaint: "Unrecognized schema: {}" },
      { chunks: [token("a", 1), ...end(2)] },
    ]);
    const engine = await opened;
    await expect(written(engine, chat("Hi."))).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringContaining("Unrecognized schema"),
    });
    expect(wllama.asked).toHaveLength(opening.length + 1);
    expect((await written(engine, chat("Hi."))).text).toBe("a");
  });

  it("fails where it writes what is no characters, and nobody wants probabilities", async () => {
    const failing = { chunks: [token("a", 1)], error: garbled, complaint: noCharacter };
    await expect(answered(completion("Hi.", { tokenIds: false }), failing)).rejects.toMatchObject({
      reason: "engine",
      message: expect.stringContaining("invalid UTF-8"),
    });
  });

  it("is too long where the prompt does not fit", async () => {
    const error = new Error("request (1810 tokens) exceeds the available context size (512 tokens)");
    await expect(answered(chat("Hi."), { chunks: [], error })).rejects.toMatchObject({ reason: "too_long" });
  });

  it.each([
    ["wllama has crashed, please reload the module", "broken"],
    [new Error("(ABORT) Aborted(OOM)"), "out_of_memory"],
    [new WebAssembly.RuntimeError("memory access out of bounds"), "broken"],
    [new Error("ggml_webgpu: Device lost! Reason: 1"), "device_lost"],
  ])("ends the engine for %s", async (error, code) => {
    await expect(answered(chat("Hi."), { chunks: [token("a", 1)], error })).rejects.toMatchObject({
      name: "EngineFault",
      code,
    });
  });

  it.each([
    ["a chunk that is none", { choices: "?" }],
    ["an end for a reason of its own", { choices: [{ finish_reason: "tired", delta: {} }] }],
  ])("is the engine's fault: %s", async (_, chunk) => {
    await expect(answered(chat("Hi."), { chunks: [chunk] })).rejects.toMatchObject({ reason: "engine" });
  });

  it("is the engine's fault where it has no end", async () => {
    await expect(answered(chat("Hi."), { chunks: [token("a", 1)] })).rejects.toMatchObject({
      reason: "engine",
      message: "wllama broke off its answer",
    });
  });
});
