import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import type { ParsedBody } from "../protocol/request-body.ts";
import { mutations, smallValues, spoilt, values } from "./request-fuzz.ts";
import { newApiKey, signedUp, Visitor } from "./testing.ts";

/** What the tests of all addresses at which models are asked have in common. */

/** The status, the code and the field at fault. */
export async function refusal(response: Response): Promise<[number, string, string | null]> {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  return [response.status, error.code, error.param];
}

export const MODEL = "nobody-offers-this";

/** What those get whose request is well formed, as long as nobody offers the model. */
export const wellFormed = [404, "model_not_found", "model"];

export interface Door {
  program: Visitor;
  /** Of a key that is made before the first test. */
  authorization(): string;
  ask(body: unknown, path?: string): Promise<Response>;
}

/** @param address where requests are posted */
export function doorAt(address: string): Door {
  const program = new Visitor();
  let authorization = "";
  beforeAll(async () => {
    authorization = `Bearer ${(await newApiKey(await signedUp())).secret}`;
  });
  return {
    program,
    authorization: () => authorization,
    ask: (body, path = address) => program.call("POST", path, body, { authorization }),
  };
}

interface Fuzzed {
  /** The fields that a request may have. */
  fields: readonly string[];
  parse(body: unknown): ParsedBody<unknown>;
  /** A well-formed request of few fields. */
  plain: Record<string, unknown>;
  /** Requests that have every field that is within another. */
  whole: readonly object[];
}

/** Tests that the door says of any request just what the schema does: 400 with the field at fault, or it goes on to the market. */
export function isFuzzed({ ask }: Door, { fields, parse, plain, whole }: Fuzzed): void {
  const isJudged = async (body: string): Promise<"refused" | "taken"> => {
    const parsed = parse(JSON.parse(body));
    const answered = await refusal(await ask(body));
    const expected = parsed.ok ? wellFormed : [400, "invalid_request", parsed.param];
    expect([body.slice(0, 2_000), ...answered]).toEqual([body.slice(0, 2_000), ...expected]);
    return parsed.ok ? "taken" : "refused";
  };

  describe.each(fields)("the field %s", (field) => {
    it("is refused by name for every value that it can't have, and breaks nothing", async () => {
      const { [field]: _, ...others } = plain;
      const rest = JSON.stringify(others).slice(1);
      const bodies = values.map((value) => `{${JSON.stringify(field)}:${value},${rest}`);
      const judged = await Promise.all(bodies.map(isJudged));
      expect(judged.filter((how) => how === "refused").length).toBeGreaterThan(values.length / 3);
    });
  });

  describe("a field within others", () => {
    it.each(smallValues)("is refused by name where it can't be %s, and breaks nothing", async (_, value) => {
      for (const body of mutations(whole, value)) await isJudged(body);
    });

    it.each([1, 2, 3])(
      "is refused by name where a request is spoilt at random (seed %i), and breaks nothing",
      async (seed) => {
        for (const body of spoilt(whole, seed, 80)) await isJudged(body);
      },
    );
  });
}
