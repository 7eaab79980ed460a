/**
 * Whether an offer's quantisation is one of those that a request allows. Engines name them in their own ways; the families are
 * those of OpenRouter's API (`int4`, `int8`, `fp4`, `fp8`, `fp16`, `bf16`, `fp32`, `unknown`) and the other integers.
 *
 * @param quantisation as the provider declared it, `Q4_K_M` or `q4f16_1`; null where it told none
 * @param wanted declared names or families, in whatever case
 */
export function isQuantisedAs(quantisation: string | null, wanted: readonly string[]): boolean {
  const name = quantisation?.toLowerCase() ?? "unknown";
  const family = familyOf(name);
  return wanted.some((wish) => wish.toLowerCase() === name || wish.toLowerCase() === family);
}

/** How the names of files and engines begin, the first that fits. The weights count, not what is computed with (`q4f16`). */
const FAMILIES: readonly [name: RegExp, family: string][] = [
  // WebLLM's weights that are not quantised.
  [/^q0f16/, "fp16"],
  [/^q0f32/, "fp32"],
  [/^q0bf16/, "bf16"],
  [/^(mx|nv)?fp4/, "fp4"],
  [/^(mx)?fp8|^f8/, "fp8"],
  [/^fp6/, "fp6"],
  [/^bf16/, "bf16"],
  [/^fp?16/, "fp16"],
  [/^fp?32/, "fp32"],
];

/** GGUF's `Q4_K_M`, `IQ3_XS` and `TQ2_0`, WebLLM's `q4f16_1`, others' `int4` and `w4a16`. */
const BITS = /^(?:[it]?q|int|w)([1-8])(?!\d)/;

function familyOf(name: string): string | null {
  const bits = BITS.exec(name)?.[1];
  if (bits !== undefined) return `int${bits}`;
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
