import { describe, expect, it } from "vitest";
import { usesLong } from "./long-type.ts";

const of = (text: string): boolean => usesLong([{ name: "main.c", text }]);

describe("a type that has fewer bits in the browser", () => {
  it.each([
    "long n;",
    "unsigned long n;",
    "long int n;",
    "(long) n",
    "long\nlong n; long m;",
    "vector<long> v;",
  ])("is seen in %j", (text) => expect(of(text)).toBe(true));

  it.each([
    "long long n;",
    "unsigned long long n;",
    "long long int n;",
    "long  double x;",
    "double long x;",
    "int long_way, along;",
    '// long\n/* long */ char *s = "long";',
  ])("is not seen in %j", (text) => expect(of(text)).toBe(false));
});
