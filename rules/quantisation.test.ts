import { expect, it } from "vitest";
import { isQuantisedAs } from "./quantisation.ts";

it.each<[declared: string | null, wanted: string, fits: boolean]>([
  ["Q4_K_M", "Q4_K_M", true],
  ["Q4_K_M", "q4_k_m", true],
  ["Q4_K_M", "Q4_K_S", false],
  ["Q4_K_M", "int4", true],
  ["IQ4_XS", "int4", true],
  ["q4f16_1", "int4", true],
  ["q4f16_1", "fp16", false],
  ["w4a16", "int4", true],
  ["Q8_0", "int8", true],
  ["Q8_0", "int4", false],
  ["int8", "int8", true],
  ["TQ2_0", "int2", true],
  ["F16", "fp16", true],
  ["fp16", "fp16", true],
  ["q0f16", "fp16", true],
  ["q0f32", "fp32", true],
  ["BF16", "bf16", true],
  ["BF16", "fp16", false],
  ["MXFP4", "fp4", true],
  ["fp8", "fp8", true],
  ["q16", "int1", false],
  [null, "unknown", true],
  [null, "int4", false],
  ["homemade", "unknown", false],
])("what is declared as %s is %s: %s", (declared, wanted, fits) => {
  expect(isQuantisedAs(declared, ["another", wanted])).toBe(fits);
});
