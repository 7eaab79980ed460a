/** What requests are tried with by the tests of the addresses that read them. */

const json = (value: unknown): string => JSON.stringify(value);

/** `[[[…]]]` in JSON, so many levels deep. */
export const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** Values of every kind, as JSON: also what JavaScript reads as an infinity, and names that its objects have anyhow. */
export const values: readonly string[] = [
  "null",
  "true",
  "0",
  "-1",
  "1.5",
  "-0",
  "1e400",
  "-1e400",
  "9007199254740993",
  '""',
  '"x"',
  '"NaN"',
  '"\\ud800"',
  '"\\u0000"',
  '"constructor"',
  json("x".repeat(100_000)),
  "[]",
  "[null]",
  "[[]]",
  '["x"]',
  json(Array.from({ length: 5_000 }, () => "x")),
  "{}",
  '{"type":"__proto__"}',
  '{"__proto__":{"type":"text"}}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":1}',
  json(Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]))),
  nested(100_000),
];

/** Those that are tried within other fields, with names for tests. */
export const smallValues: readonly (readonly [string, string])[] = values
  .filter((value) => value.length < 10_000)
  .map((value) => [value.slice(0, 40), value]);

/** Each request as JSON, once for each place in it, with `value` in that place. */
export function* mutations(requests: readonly object[], value: string): Generator<string> {
  const mark = "the value goes here";
  function* mutated(node: unknown): Generator<unknown> {
    yield mark;
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node))
      for (const other of mutated(child))
        yield Array.isArray(node) ? node.with(Number(key), other) : { ...node, [key]: other };
  }
  for (const request of requests)
    for (const other of mutated(request)) yield json(other).replace(json(mark), () => value);
}
