import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openUpstream, refused, type ScriptedUpstream, vectorsOfAll } from "./testing-upstream.ts";
import { openUpstreamEngine, type UpstreamSettings } from "./upstream-engine.ts";

const timeouts = { factsMs: 20_000, firstMs: 20_000, stallMs: 20_000 };

describe("another server can be asked for", () => {
  let scripted: ScriptedUpstream;

  beforeEach(async () => {
    scripted = await openUpstream();
  });
  afterEach(() => scripted.close());

  const tasks = async (wished: UpstreamSettings["tasks"] = null) => {
    const { facts } = await openUpstreamEngine({
      upstream: scripted.upstream,
      model: "served",
      upstreamModel: null,
      tasks: wished,
      slots: null,
      contextTokens: 1_000,
      features: null,
      timeouts,
    });
    return facts.tasks;
  };
  const ollama = (capabilities: string[]): void => {
    scripted.pages.set("/api/version", { version: "0.40.12" });
    scripted.pages.set("/api/show", { capabilities });
  };

  it.each(["llamacpp", "vllm"])("what it does when it is tried, where it is %s", async (owner) => {
    scripted.models = [{ id: "served", owned_by: owner }];
    expect(await tasks()).toEqual(["chat", "completion"]);
    expect(scripted.askedVectors.map(({ body }) => body["input"])).toEqual([["a"]]);
    scripted.vectors = [vectorsOfAll];
    expect(await tasks()).toEqual(["chat", "completion", "embedding"]);
    scripted.completes = false;
    expect(await tasks()).toEqual(["embedding"]);
  });

  it("nothing yet where it is too busy to be tried", async () => {
    scripted.models = [{ id: "served", owned_by: "vllm" }];
    scripted.vectors = [refused(503, "loading")];
    await expect(tasks()).rejects.toMatchObject({ reason: "busy" });
  });

  it.each([
    [["completion", "tools"], ["chat"], "/api/generate"],
    [["embedding"], ["embedding"], "/api/embed"],
    [["completion", "embedding"], ["chat", "embedding"], "/api/generate"],
    [[], ["chat"], "/api/generate"],
  ])("what Ollama says by %j: %j, for which it is loaded by %s", async (capabilities, expected, loadedBy) => {
    ollama(capabilities);
    scripted.pages.set("/api/generate", {});
    scripted.pages.set("/api/embed", {});
    expect(await tasks()).toEqual(expected);
    expect([...scripted.told.keys()].filter((path) => /generate|embed/.test(path))).toEqual([loadedBy]);
    expect(scripted.askedVectors).toEqual([]);
  });

  it("chats, where it says nothing at all", async () => {
    scripted.vectors = [vectorsOfAll];
    expect(await tasks()).toEqual(["chat"]);
    expect(scripted.askedVectors).toEqual([]);
  });

  it("what its operator says, without being tried", async () => {
    scripted.models = [{ id: "served", owned_by: "llamacpp" }];
    expect(await tasks(["chat", "embedding"])).toEqual(["chat", "embedding"]);
    ollama(["completion"]);
    expect(await tasks(["completion"])).toEqual(["completion"]);
    expect(scripted.askedVectors).toEqual([]);
  });
});
