import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pickedModel } from "./picked-model.ts";

const tiny = readFileSync(join(import.meta.dirname, "../../agent/model/tabarena-tiny.gguf"));

describe("files that somebody picks", () => {
  it("are told by the first of their parts, in the order of their names", async () => {
    const parts = [
      new File(["the rest"], "tiny-00002-of-00002.gguf"),
      new File([tiny], "tiny-00001-of-00002.gguf"),
    ];
    const { model, files } = await pickedModel(parts);
    expect(files.map(({ name }) => name)).toEqual(["tiny-00001-of-00002.gguf", "tiny-00002-of-00002.gguf"]);
    expect(model).toMatchObject({
      name: "tabarena-tiny",
      engine: "wllama",
      quantisation: "F16",
      contextTokens: 1_024,
      files: [],
    });
  });

  it.each([
    ["a picture", new File(["PNG and so on"], "cat.png")],
    ["a model that was cut", new File([tiny.subarray(0, 2_000)], "cut.gguf")],
    ["an empty file", new File([], "none.gguf")],
  ])("are refused where they are %s", async (_, file) => {
    await expect(pickedModel([file])).rejects.toMatchObject({ code: "unknown_model" });
  });

  it("are refused where there are none", async () => {
    await expect(pickedModel([])).rejects.toMatchObject({ code: "unknown_model" });
  });
});
