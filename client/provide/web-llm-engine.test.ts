import { describe, expect, it } from "vitest";
import type { ChatJob, JobRequest } from "../../protocol/job.ts";
import { integrityOf, type TabModel, weightsPath } from "../../protocol/tab-model.ts";
import type { Piece } from "../../provider/engine.ts";
import {
  end,
  named,
  type ScriptedAnswer,
  type ScriptedDevice,
  type ScriptedWebLlm,
  scriptedWebLlm,
  token,
  trial,
} from "../testing/scripted-web-llm.ts";
import { chat, completion } from "../testing/wllama-jobs.ts";
import { EngineFault } from "./engine-fault.ts";
import type { Device } from "./page/device.ts";
import type { TabEngine } from "./tab-engine.ts";
import type { LoadProgress } from "./tab-messages.ts";
import { openWebLlmWith } from "./web-llm-engine.ts";

const sha = (digit: string): string => digit.repeat(64);
const file = (path: string, digit: string) => ({
  path,
  sha256: sha(digit),
  bytes: 100,
  url: weightsPath(sha(digit)),
});
const model: TabModel = {
  name: "a-model",
  engine: "web-llm",
  quantisation: "q4f16_1",
  contextTokens: 4_096,
  memoryBytes: 900 * 1024 ** 2 + 1,
  features: ["shader-f16"],
  files: [
    file("mlc-chat-config.json", "a"),
    file("localhost.wasm", "b"),
    file("tokenizer.json", "c"),
    file("tensor-cache.json", "d"),
    file("params_shard_0.bin", "e"),
  ],
};
const card: Device["gpu"] = { name: "a card", isFallback: false, hasF16: true, bufferBytes: 1 };

interface Wishes extends ScriptedDevice {
  gpu?: Device["gpu"];
  signal?: AbortSignal;
  first?: ScriptedAnswer;
}

function open(
  answers: readonly ScriptedAnswer[] = [],
  { gpu = card, signal, first = trial, ...device }: Wishes = {},
) {
  const webLlm: ScriptedWebLlm = scriptedWebLlm([first, ...answers], device);
  const progress: LoadProgress[] = [];
  let downloads = 0;
  const opened = openWebLlmWith(
    {
      create: webLlm.create,
      version: () => "1.2.3",
      weights: async () => {
        downloads++;
        const files = model.files.map(({ path }) => new File([path], path));
        return { files, artifact: { sha256: null, bytes: 500 } };
      },
      device: async () => ({ gpu, cores: 4, memory: null, threads: true }),
    },
    {
      model,
      weights: { from: "network" },
      contextTokens: 2_048,
      onProgress: (some) => void progress.push(some),
      signal: signal ?? new AbortController().signal,
    },
  );
  opened.catch(() => undefined);
  return { webLlm, opened, progress, downloads: () => downloads };
}

async function written(engine: TabEngine, job: JobRequest, signal = new AbortController().signal) {
  const pieces: Piece[] = [];
  const prepared = await engine.prepare(job);
  const ending = await prepared.write((piece) => void pieces.push(piece), signal);
  return { pieces, text: pieces.map(({ text }) => text).join(""), ending };
}

const job = (said: string | ChatJob["messages"] = "Hello.", wishes: Partial<ChatJob> = {}): ChatJob =>
  chat(said, { tokenIds: false, ...wishes });

/** One answer to one request. */
async function answered(request: ChatJob, ...answers: ScriptedAnswer[]) {
  const { webLlm, opened } = open(answers);
  const answer = await written(await opened, request);
  return { ...answer, webLlm, asked: webLlm.asked[1] };
}

const hello: ScriptedAnswer = { chunks: [token("Hel"), token("lo."), token(""), ...end(3)] };

async function refusal(wishes: Partial<ChatJob>): Promise<unknown> {
  const engine = await open().opened;
  return engine.prepare(job(wishes.messages ?? "Hello.", wishes)).catch((error: unknown) => error);
}

describe("what web-llm serves", () => {
  it("is a chat, one at a time, with what it really has", async () => {
    const { facts, device, gpu } = await open().opened;
    expect([device, gpu]).toEqual(["gpu", "a card"]);
    expect(facts).toEqual({
      artifact: { sha256: null, bytes: 500, quantisation: "q4f16_1" },
      engine: { name: "web-llm", build: "1.2.3, webgpu" },
      tasks: ["chat"],
      contextTokens: 2_048,
      slots: 1,
      features: ["logprobs", "logit_bias", "json_object", "json_schema"],
      tokensPerSecond: 40,
    });
  });

  it("is by the device's vendor where the browser describes no more", async () => {
    expect(await open([], { gpu: null, vendor: "apple" }).opened).toMatchObject({ gpu: "apple" });
    expect(await open([], { gpu: null }).opened).toMatchObject({ gpu: null });
  });

  it("has no speed where the trial was too short to tell", async () => {
    const { facts } = await open([], { first: { chunks: [token(""), ...end(1)] } }).opened;
    expect(facts.tokensPerSecond).toBeNull();
  });
});

describe("a model of the list", () => {
  it("is told to web-llm with its sums, under addresses that lead nowhere", async () => {
    const { webLlm, opened } = open();
    await opened;
    expect(webLlm.records).toEqual([
      {
        model: "https://weights.invalid/resolve/main/",
        model_id: "a-model",
        // web-llm would go round its caches for the file's own name.
        model_lib: "https://weights.invalid/resolve/main/library.wasm",
        overrides: { context_window_size: 2_048 },
        vram_required_MB: 901,
        required_features: ["shader-f16"],
        integrity: {
          config: integrityOf(sha("a")),
          model_lib: integrityOf(sha("b")),
          tokenizer: { "tokenizer.json": integrityOf(sha("c")) },
        },
      },
    ]);
  });

  it("is found in the caches that web-llm sees while it loads, and by nobody after that", async () => {
    const found: unknown[] = [];
    const before: unknown = Reflect.get(globalThis, "caches");
    const load: Wishes["load"] = async (caches) => {
      const cache = await caches.open("webllm/model");
      const at = (path: string) => new Request(`https://weights.invalid/resolve/main/${path}`);
      found.push(await (await cache.match(at("params_shard_0.bin")))?.text());
      found.push(await (await cache.match(at("library.wasm")))?.text());
      found.push(await cache.match(at("other.bin")));
      found.push((await cache.keys()).map(({ url }) => url).includes(at("tensor-cache.json").url));
    };
    await open([], { load }).opened;
    expect(found).toEqual(["params_shard_0.bin", "localhost.wasm", undefined, true]);
    expect(Reflect.get(globalThis, "caches")).toBe(before);
  });

  it("is refused where web-llm asks for a file that has no sum, which is never fetched", async () => {
    const load: Wishes["load"] = async (caches) => {
      await (
        await caches.open("webllm/model")
      ).add(new Request("https://weights.invalid/resolve/main/x.bin"));
    };
    await expect(open([], { load }).opened).rejects.toMatchObject({
      code: "unknown_model",
      message: "web-llm asks for x.bin, which is none of the model's files",
    });
  });

  it("tells how many of its bytes are on the device, and of shaders that nobody knows", async () => {
    const load: Wishes["load"] = async (_, report) => {
      report({ progress: 0.5, text: "Loading model from cache[1/2]: 1MB loaded." });
      report({ progress: 0.7, text: "Loading GPU shader modules[7/10]: 70% completed" });
    };
    const { opened, progress } = open([], { load });
    await opened;
    expect(progress.slice(1)).toEqual([
      { phase: "start", doneBytes: 250, totalBytes: 500 },
      { phase: "start", doneBytes: 0, totalBytes: 0 },
    ]);
  });

  it("is given up before the next file once nobody wants it, and given back", async () => {
    const mine = new AbortController();
    const load: Wishes["load"] = async (caches) => {
      const cache = await caches.open("webllm/model");
      mine.abort(new Error("no more"));
      await cache.match(new Request("https://weights.invalid/resolve/main/tokenizer.json"));
    };
    const { webLlm, opened } = open([], { load, signal: mine.signal });
    await expect(opened).rejects.toThrow("no more");
    expect(webLlm.calls).toEqual(["reload a-model", "unload"]);
  });
});

describe("a device that can't serve", () => {
  it.each([
    ["an adapter that is not there", new Error("Unable to find a compatible GPU. This issue …"), "no_webgpu"],
    ["no WebGPU", named("WebGPUNotAvailableError"), "no_webgpu"],
    [
      "too few registers",
      new Error("Cannot initialize runtime because of requested maxComputeX"),
      "no_webgpu",
    ],
    [
      "too small buffers",
      new Error("Cannot initialize runtime because of requested maxBufferSize exceeds limit."),
      "out_of_memory",
    ],
  ])("is told of %s before anything comes", async (_, gpuError, code) => {
    const { opened, downloads } = open([], { gpuError });
    await expect(opened).rejects.toMatchObject({ name: "EngineFault", code });
    expect(downloads()).toBe(0);
  });

  it.each([
    ["is a processor that plays a GPU", { ...card, isFallback: true }, "no_webgpu"],
    ["has no numbers of 16 bits", { ...card, hasF16: false }, "no_shader_f16"],
  ])("is told of before anything comes where it %s", async (_, gpu, code) => {
    const { opened, downloads } = open([], { gpu });
    await expect(opened).rejects.toMatchObject({ code });
    expect(downloads()).toBe(0);
  });
});

describe("a load that fails", () => {
  it.each([
    [named("ShaderF16SupportError"), "no_shader_f16"],
    [named("FeatureSupportError", "This model requires feature shader-f16, which …"), "no_shader_f16"],
    [named("FeatureSupportError", "This model requires feature subgroups, which …"), "broken"],
    [named("WebGPUNotFoundError"), "no_webgpu"],
    [named("DeviceLostError"), "device_lost"],
    // A string, as it throws it.
    ["Engine.unload() is called.", "device_lost"],
    [named("GPUOutOfMemoryError"), "out_of_memory"],
    [new RangeError("Array buffer allocation failed"), "out_of_memory"],
    [new RangeError("WebAssembly.Memory(): could not allocate memory"), "out_of_memory"],
    [named("IntegrityError"), "integrity"],
    [named("ModelNotFoundError"), "unknown_model"],
    [named("MissingModelError"), "unknown_model"],
    [named("ArtifactManifestError"), "unknown_model"],
    [named("UnsupportedTokenizerFilesError"), "unknown_model"],
    [new WebAssembly.LinkError("Import #0 env: function import requires a callable"), "unknown_model"],
    [new WebAssembly.CompileError("expected magic word"), "unknown_model"],
    [new SyntaxError("Unexpected token"), "unknown_model"],
    [named("WindowSizeConfigurationError"), "context"],
    [named("WindowSizeSpecificationError"), "context"],
    [named("AttentionSinkSizeError"), "context"],
    [named("ContextWindowSizeExceededError"), "context"],
    [new TypeError("Failed to fetch"), "download"],
    [new Error("Cannot fetch https://weights.invalid/x"), "download"],
    [new EngineFault("integrity", "one of ours"), "integrity"],
    [new Error("something else"), "broken"],
  ])("with %s has a code of its own: %s", async (error, code) => {
    const { opened, webLlm } = open([], {
      load: async () => {
        throw error;
      },
    });
    await expect(opened).rejects.toMatchObject({ name: "EngineFault", code });
    expect(webLlm.calls.at(-1)).toBe("unload");
  });

  it("and says nothing of it is a lost device", async () => {
    const { webLlm, opened } = open([], { load: async () => webLlm.lose() });
    await expect(opened).rejects.toMatchObject({ code: "device_lost" });
  });

  it("in the trial is told as a load that fails", async () => {
    const first = { chunks: [token("One")], error: new Error("[Device] is lost") };
    await expect(open([], { first }).opened).rejects.toMatchObject({ code: "device_lost" });
  });
});

describe("a request to web-llm", () => {
  it("says everything, and leaves nothing to the model's own defaults", async () => {
    const { asked, webLlm } = await answered(job(), hello);
    expect(asked).toEqual({
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Hello." }],
      max_tokens: 300,
      temperature: 0,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      repetition_penalty: 1,
      seed: 1,
    });
    // Before the trial and before the answer: else it would count what is new of the prompt only.
    expect(webLlm.calls.filter((call) => call === "resetChat")).toHaveLength(2);
  });

  it("has one turn of the system, whoever says it, and text only", async () => {
    const { asked } = await answered(
      job([
        { role: "developer", content: "Be brief." },
        { role: "system", content: "Be kind." },
        {
          role: "user",
          content: [
            { type: "text", text: "Hel" },
            { type: "text", text: "lo." },
          ],
        },
        { role: "assistant", content: "Hi." },
        { role: "user", content: "Who are you?", name: "Ann" },
      ]),
      hello,
    );
    expect(asked?.messages).toEqual([
      { role: "system", content: "Be brief.\n\nBe kind." },
      { role: "user", content: "Hello." },
      { role: "assistant", content: "Hi." },
      { role: "user", content: "Who are you?" },
    ]);
  });

  it("has the sampling within the bounds that web-llm has", async () => {
    const sampling = {
      temperature: 0.7,
      topP: 0,
      frequencyPenalty: 2,
      presencePenalty: -2,
      logitBias: { 5: -100 },
      seed: null,
    };
    const { asked } = await answered(job("Hello.", { sampling }), hello);
    expect(asked).toMatchObject({
      temperature: 0.7,
      top_p: 1e-5,
      frequency_penalty: 2,
      presence_penalty: -2,
      logit_bias: { 5: -100 },
    });
    expect(asked).not.toHaveProperty("seed");
  });

  it.each([
    [{ type: "json_object" } as const, { type: "json_object" }],
    [
      { type: "json_schema", json_schema: { name: "x", schema: { type: "object" } } } as const,
      { type: "json_object", schema: '{"type":"object"}' },
    ],
    [{ type: "json_schema", json_schema: { name: "x" } } as const, { type: "json_object" }],
  ])("asks for %j in web-llm's own form", async (responseFormat, expected) => {
    const { asked } = await answered(job("Hello.", { responseFormat }), hello);
    expect(asked?.response_format).toEqual(expected);
  });

  it.each([
    ["tools", { tools: [{ type: "function", function: { name: "f" } }], toolChoice: "auto" }],
    ["an answer that was begun", { continuation: "Hel" }],
    ["ids of tokens", { tokenIds: true }],
    ["six alternatives", { logprobs: 6 }],
    [
      "probabilities at another temperature",
      { logprobs: 1, sampling: { ...job().sampling, temperature: 0.5 } },
    ],
    ["probabilities under a penalty", { logprobs: 1, sampling: { ...job().sampling, frequencyPenalty: 1 } }],
    ["probabilities under a bias", { logprobs: 1, sampling: { ...job().sampling, logitBias: { 1: 1 } } }],
    ["the last turn its own", { messages: [{ role: "assistant", content: "Hi." }] }],
    ["no turn of the user", { messages: [{ role: "system", content: "Be brief." }] }],
    [
      "a turn of the system later",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "system", content: "b" },
          { role: "user", content: "c" },
        ],
      },
    ],
    [
      "a picture",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] },
    ],
    ["a tool's answer", { messages: [{ role: "tool", content: "1", tool_call_id: "x" }] }],
  ] satisfies [string, Partial<ChatJob>][])("is refused with %s", async (_, wishes) => {
    expect(await refusal(wishes)).toMatchObject({ name: "EngineError", reason: "unsupported" });
  });

  it("takes tools that are not to be called", async () => {
    const tools: ChatJob["tools"] = [{ type: "function", function: { name: "f" } }];
    const { asked } = await answered(job("Hello.", { tools, toolChoice: "none" }), hello);
    expect(asked).not.toHaveProperty("tools");
  });

  it("is for a chat and nothing else", async () => {
    const engine = await open().opened;
    await expect(engine.prepare(completion("Once"))).rejects.toMatchObject({ reason: "unsupported" });
    const vectors: JobRequest = { type: "embedding", inputs: ["a"], dimensions: null };
    await expect(engine.prepare(vectors)).rejects.toMatchObject({ reason: "unsupported" });
  });
});

describe("an answer of web-llm", () => {
  it("comes piece by piece, and the token that ends it is none of it", async () => {
    const { pieces, ending } = await answered(job(), hello);
    expect(pieces).toEqual([
      { text: "Hel", tokenCount: 1 },
      { text: "lo.", tokenCount: 1 },
    ]);
    expect(ending).toMatchObject({
      reason: "stop",
      usage: { promptTokens: 7, cachedPromptTokens: 0, completionTokens: 2 },
    });
  });

  it("counts at its end the tokens within characters, which have no chunks", async () => {
    const { pieces, ending } = await answered(job(), {
      chunks: [token("é"), token("a"), ...end(5, "length")],
    });
    expect(pieces.at(-1)).toEqual({ text: "", tokenCount: 3 });
    expect(ending).toMatchObject({ reason: "length", usage: { completionTokens: 5 } });
  });

  it("ends before a stop string, and has web-llm end too", async () => {
    const stops = { chunks: [token("1, "), token("2, E"), token("ND, 3"), token("4"), ...end(4)] };
    const { text, ending, webLlm, asked } = await answered(job("Hello.", { stop: ["END"] }), stops);
    expect([text, ending.reason]).toEqual(["1, 2, ", "stop"]);
    expect(ending.usage).toEqual({ promptTokens: 7, cachedPromptTokens: 0, completionTokens: 3 });
    expect(webLlm.calls).toContain("interruptGenerate");
    expect(asked).not.toHaveProperty("stop");
  });

  it("gives out at its end what could have been a stop string", async () => {
    const { text } = await answered(job("Hello.", { stop: ["END"] }), {
      chunks: [token("an E"), ...end(1, "length")],
    });
    expect(text).toBe("an E");
  });

  it("is cancelled with what was used until then, and the next is written", async () => {
    const { opened } = open([hello, hello]);
    const engine = await opened;
    const abort = new AbortController();
    const prepared = await engine.prepare(job());
    const ending = await prepared.write(() => abort.abort(), abort.signal);
    expect(ending).toMatchObject({ reason: "cancelled", usage: { promptTokens: 7, completionTokens: 1 } });
    expect((await written(engine, job())).text).toBe("Hello.");
  });

  it("is not begun where nobody waits for it any more", async () => {
    const { webLlm, opened } = open([hello]);
    const { ending } = await written(await opened, job(), AbortSignal.abort());
    expect([ending.reason, webLlm.asked.length]).toEqual(["cancelled", 1]);
  });

  it("is refused while another is written, and not queued", async () => {
    const engine = await open([hello]).opened;
    const { promise: going, resolve: goOn } = Promise.withResolvers<void>();
    const [first, second] = [await engine.prepare(job()), await engine.prepare(job())];
    const { signal } = new AbortController();
    const firstEnding = first.write(() => going, signal);
    await expect(second.write(() => undefined, signal)).rejects.toMatchObject({ reason: "busy" });
    goOn();
    expect((await firstEnding).reason).toBe("stop");
  });

  it("that web-llm breaks off by itself is a failure, and so is one that is not understood", async () => {
    for (const chunks of [[token("a"), ...end(1, "abort")], [{ choices: 1 }], [token("a"), ...end(1, "odd")]])
      await expect(answered(job(), { chunks })).rejects.toMatchObject({
        name: "EngineError",
        reason: "engine",
      });
  });

  it.each([
    [named("ContextWindowSizeExceededError"), { name: "EngineError", reason: "too_long" }],
    [named("GrammarMatcherInitError"), { name: "EngineError", reason: "unsupported" }],
    [named("MessageOrderError"), { name: "EngineError", reason: "unsupported" }],
    [named("RangeError", "Make sure 0 < top_p <= 1."), { name: "EngineError", reason: "unsupported" }],
    [new Error("InternalError: failed to sample"), { name: "EngineError", reason: "engine" }],
    [named("ModelNotLoadedError"), { name: "EngineFault", code: "device_lost" }],
    [new Error("Device is lost"), { name: "EngineFault", code: "device_lost" }],
    [new RangeError("Array buffer allocation failed"), { name: "EngineFault", code: "out_of_memory" }],
  ])("that fails with %s is told as %j", async (error, expected) => {
    await expect(answered(job(), { chunks: [token("a")], error })).rejects.toMatchObject(expected);
  });

  it("is refused at once where the device has gone meanwhile", async () => {
    const { webLlm, opened } = open([hello]);
    const engine = await opened;
    webLlm.lose();
    await expect(engine.prepare(job())).rejects.toMatchObject({ code: "device_lost" });
  });
});

describe("probabilities of web-llm", () => {
  const entry = { token: "é", bytes: [195, 169], logprob: -0.5 };

  it("are asked for in another way at temperature 0, which draws the same", async () => {
    const { asked } = await answered(job("Hello.", { logprobs: 2 }), hello);
    expect(asked).toMatchObject({ temperature: 1, top_p: 1e-5, logprobs: true, top_logprobs: 2 });
  });

  it("are asked for as they are at temperature 1", async () => {
    const sampling = { ...job().sampling, temperature: 1, topP: 0.9 };
    const { asked } = await answered(job("Hello.", { logprobs: 0, sampling }), hello);
    expect(asked).toMatchObject({ temperature: 1, top_p: 0.9, logprobs: true, top_logprobs: 1 });
  });

  it("come with each token, with as many alternatives as were asked for, and without bytes that are not its own", async () => {
    const never = { token: "\uFFFD", bytes: [239, 191, 189], logprob: -Infinity };
    const chunks = [token("é", [{ ...entry, top_logprobs: [entry, never] }]), ...end(2)];
    const two = await answered(job("Hello.", { logprobs: 2 }), { chunks });
    expect(two.pieces[0]?.logprobs).toEqual([
      { ...entry, top_logprobs: [entry, { token: "\uFFFD", bytes: null, logprob: -9999 }] },
    ]);
    const none = await answered(job("Hello.", { logprobs: 0 }), { chunks });
    expect(none.pieces[0]?.logprobs).toEqual([{ ...entry, top_logprobs: [] }]);
  });
});
