import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../scripts/setup.ts";
import { modelOf, openWebLlmSite, type WebLlmSite } from "./testing/web-llm-site.ts";

/** With this flag Chromium has an adapter where there is no graphics device: the processor plays one. */
const PLAYED = ["--enable-unsafe-webgpu"];

/** What web-llm would take for a graphics device. */
const card = { name: "a card", isFallback: false, hasF16: true, bufferBytes: 1 };

const files = {
  "mlc-chat-config.json": JSON.stringify({ context_window_size: 4_096, tokenizer_files: ["tokenizer.json"] }),
  "tokenizer.json": "{}",
  "tensor-cache.json": JSON.stringify({ metadata: {}, records: [] }),
  "params_shard_0.bin": "no weights",
};
const noLibrary = { ...files, "no.wasm": "no library" };
/** A module of WebAssembly with nothing in it. */
const emptyLibrary = { ...files, "empty.wasm": Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) };

const chromium = findChromium();
const skipped = chromium === null ? " (skipped: there is no Chromium here)" : "";

describe.skipIf(chromium === null)(`web-llm itself in a Worker of a real browser${skipped}`, () => {
  let site: WebLlmSite;
  beforeAll(async () => {
    site = await openWebLlmSite([noLibrary, emptyLibrary]);
  });
  afterAll(() => site.close());

  it("says that there is no graphics device, before anything of the model is asked for", async () => {
    const opened = await site.open([], { model: modelOf(noLibrary), gpu: null });
    expect(opened).toMatchObject({ version: "0.2.86", found: null, progress: [], code: "no_webgpu" });
    expect(opened.message).toContain("Unable to find a compatible GPU");
    expect(opened.requests.filter((url) => url.includes("/weights/"))).toEqual([]);
    expect(opened.errors).toEqual([]);
  });

  it("is not let onto a processor that plays a GPU", async () => {
    const opened = await site.open(PLAYED, { model: modelOf(noLibrary), gpu: null });
    expect(opened).toMatchObject({
      found: { isFallback: true, hasF16: false },
      code: "no_webgpu",
      progress: [],
    });
    expect(opened.message).toContain("plays a GPU");
  });

  // With a GPU that is only played, and no weights, this is as far as it goes.
  it.each([
    ["no WebAssembly", noLibrary, "unknown_model", "expected magic word"],
    ["WebAssembly with nothing in it", emptyLibrary, "broken", "web-llm can't load it"],
  ])("reads its files from our own, and stops at a library that is %s", async (_, named, code, message) => {
    const opened = await site.open(PLAYED, { model: modelOf(named), gpu: card });
    expect(opened).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(opened.progress).toEqual(["download", "start"]);
    // Every file once, by us, and nothing from anywhere else.
    const [page = ""] = opened.requests;
    expect(opened.requests.filter((url) => !url.startsWith(page))).toEqual([]);
    expect(opened.requests.filter((url) => url.includes("/weights/"))).toHaveLength(5);
    expect(opened.errors).toEqual([]);
  });
});
