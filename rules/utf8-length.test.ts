import { expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { utf8Length } from "./utf8-length.ts";

it("a text has as many bytes as its encoder makes, lone surrogates included", () => {
  const random = seededRandom(4);
  const pieces = [
    "a",
    "\x7f",
    "\x80",
    "é",
    "\u07ff",
    "\u0800",
    "漢",
    "\ufffd",
    "😀",
    "\ud83d",
    "\ude00",
    "\udbff",
  ];
  for (let round = 0; round < 2000; round++) {
    let text = "";
    while (random() < 0.85) text += pieces[Math.floor(random() * pieces.length)] ?? "";
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
  }
});
