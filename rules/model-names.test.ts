import { expect, it } from "vitest";
import { modelsFor } from "./model-names.ts";

const shared = [
  { name: "gpt-4o", models: ["big"] },
  { name: "gpt-4o-mini", models: ["tiny", "small"] },
];

it.each<[name: string, own: string[] | null, models: string[] | null]>([
  ["tiny", null, ["tiny"]],
  ["nobody-has-this", null, ["nobody-has-this"]],
  ["gpt-4o", null, ["big"]],
  ["gpt-4o", ["mine"], ["mine"]],
  // The account's own name for something that providers offer, too.
  ["tiny", ["mine", "tiny"], ["mine", "tiny"]],
  ["auto", null, null],
])("%s, which the account calls %j, is served by %j", (name, own, models) => {
  expect(modelsFor(name, own, shared)).toEqual(models);
});

it("an alias stands for models, not for other aliases", () => {
  expect(modelsFor("mine", ["gpt-4o"], shared)).toEqual(["gpt-4o"]);
});
