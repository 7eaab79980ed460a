import { seededRandom } from "../rules/seeded-random.ts";

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

type Place = readonly (string | number)[];

/** Each place in a request, the request itself first. */
function placesIn(node: unknown, place: Place = []): Place[] {
  if (typeof node !== "object" || node === null) return [place];
  const within = Object.entries(node).flatMap(([key, child]) =>
    placesIn(child, [...place, Array.isArray(node) ? Number(key) : key]),
  );
  return [place, ...within];
}

const valueAt = (node: unknown, [key, ...rest]: Place): unknown =>
  key === undefined ? node : valueAt(Object(node)[key], rest);

/** A copy in which another value is at a place; undefined for none, and then JSON has no such field. */
function withValue(node: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node)) return node.with(Number(key), withValue(node[Number(key)], rest, value));
  return { ...Object(node), [key]: withValue(Object(node)[key], rest, value) };
}

/** A copy in which an object has a field more, which is the object itself; another place stays as it is. */
function withField(request: unknown, place: Place, name: string | number): unknown {
  const node = valueAt(request, place);
  const isObject = typeof node === "object" && node !== null && !Array.isArray(node);
  return isObject ? withValue(request, [...place, name], node) : request;
}

/**
 * Requests that are spoilt in one to four ways each, the same for the same seed, as JSON: values of every kind in any place,
 * fields left out, put elsewhere or beside others, and given twice.
 */
export function* spoilt(requests: readonly object[], seed: number, count: number): Generator<string> {
  const random = seededRandom(seed);
  const one = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  for (let made = 0; made < count; made++) {
    const marks = new Map<string, string>();
    let request: unknown = one(requests);
    for (let ways = 1 + Math.floor(random() * 4); ways > 0; ways--) {
      const places = placesIn(request);
      const place = one(places) ?? [];
      const mark = `mark-${marks.size}-here`;
      switch (Math.floor(random() * 4)) {
        case 0:
          request = withValue(request, place, undefined);
          break;
        case 1:
          request = withValue(request, place, valueAt(request, one(places) ?? []));
          break;
        case 2:
          request = withField(request, place, one(places)?.at(-1) ?? "x");
          break;
        default:
          marks.set(mark, one(smallValues)?.[1] ?? "null");
          request = withValue(request, place, mark);
      }
    }
    let body = json(request ?? null);
    for (const [mark, value] of marks) body = body.replaceAll(json(mark), () => value);
    const twice = one(Object.keys(Object(JSON.parse(body))));
    if (twice !== undefined && random() < 0.2)
      body = body.replace(/\}$/, () => `,${json(twice)}:${one(smallValues)?.[1] ?? "0"}}`);
    yield body;
  }
}
