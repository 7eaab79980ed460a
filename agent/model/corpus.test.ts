import { describe, expect, it } from "vitest";
import { seededRandom } from "../../rules/seeded-random.ts";
import { conversation, styles, type Turn } from "./corpus.ts";

const sample = (seed: number, count: number): Turn[][] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => conversation(random));
};

describe("the corpus", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(sample(1, 50)).toEqual(sample(1, 50));
    expect(sample(1, 50)).not.toEqual(sample(2, 50));
  });

  it("has at most one system turn, in front, then questions and answers in turn", () => {
    for (const turns of sample(3, 500)) {
      const roles = turns.map(({ role }) => role[0]).join("");
      expect(roles).toMatch(/^s?(ua)+$/);
    }
  });

  it("answers in the way that the system turn says", () => {
    const answersTo = (systems: readonly string[]): string[] =>
      sample(4, 2000)
        .filter(([first]) => first?.role === "system" && systems.includes(first.content))
        .flatMap((turns) => turns.filter(({ role }) => role === "assistant").map(({ content }) => content));
    const words = answersTo(styles.oneWord.system);
    expect(words.length).toBeGreaterThan(50);
    for (const word of words) expect(word).toMatch(/^\S+$/);
    for (const text of answersTo(styles.pirate.system)) expect(text).toMatch(/^Arr! /);
    for (const text of answersTo(styles.json.system))
      expect(Object.keys(JSON.parse(text))).toEqual(["answer"]);
  });

  it("remembers the last name given, and quotes the last question", () => {
    let names = 0;
    let questions = 0;
    for (const turns of sample(5, 3000)) {
      for (const [index, { role, content }] of turns.entries()) {
        const asked = turns.slice(0, index - 1).filter((turn) => turn.role === "user");
        const name = /Your name is (\w+)\.$/.exec(content)?.[1];
        if (role !== "assistant") continue;
        if (name !== undefined) {
          names++;
          expect(asked.map((turn) => turn.content.toLowerCase()).join("\n")).toContain(name.toLowerCase());
        }
        const quoted = /You asked: (.*)$/s.exec(content)?.[1];
        if (quoted !== undefined) {
          questions++;
          expect(quoted).toBe(asked.at(-1)?.content);
        }
      }
    }
    expect(names).toBeGreaterThan(20);
    expect(questions).toBeGreaterThan(20);
  });
});
