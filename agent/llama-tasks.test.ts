import { describe, expect, it } from "vitest";
import type { LlamaModel } from "./llama-package.ts";
import { chosenTasks, tasksOf } from "./llama-tasks.ts";

type Architecture = LlamaModel["fileInfo"]["architectureMetadata"];

const tasks = (
  architecture: Architecture,
  template?: string,
  insights = { hasEncoder: false, hasDecoder: true },
) =>
  tasksOf({
    fileInfo: {
      metadata: { general: {}, tokenizer: { chat_template: template } },
      architectureMetadata: architecture,
    },
    fileInsights: insights,
  });

describe("a model can be asked for", () => {
  it("chats only with a template, and the rest of texts without one", () => {
    expect(tasks({}, "{{ messages }}")).toEqual(["chat", "completion", "embedding"]);
    expect(tasks({ attention: { causal: true }, pooling_type: 0 })).toEqual(["completion", "embedding"]);
  });

  it.each<[string, Architecture]>([
    ["that joins the vectors of tokens", { pooling_type: 1 }],
    ["that takes that of the last token, made from a model for chats", { pooling_type: 3 }],
    ["whose tokens look both ways", { attention: { causal: false } }],
  ])("vectors alone where it is one %s, whatever template it has", (_, architecture) => {
    expect(tasks(architecture, "{{ messages }}")).toEqual(["embedding"]);
  });

  it("vectors alone where it has nothing that writes, and nothing where it does not write as others do", () => {
    expect(tasks({}, undefined, { hasEncoder: true, hasDecoder: false })).toEqual(["embedding"]);
    expect(() => tasks({}, undefined, { hasEncoder: true, hasDecoder: true })).toThrow(
      /an encoder and a decoder/,
    );
    expect(() => tasks({ pooling_type: 4 })).toThrow(/ranks texts/);
  });

  it("no more than it can do, and less where its operator says so", () => {
    expect(chosenTasks(["chat", "completion"], null)).toEqual(["chat", "completion"]);
    expect(chosenTasks(["chat", "completion"], ["completion"])).toEqual(["completion"]);
    expect(() => chosenTasks(["embedding"], ["embedding", "chat"])).toThrow(/"chat", only for embedding/);
  });
});
