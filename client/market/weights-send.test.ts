import { afterEach, describe, expect, it, vi } from "vitest";
import { WEIGHTS_PART_BYTES } from "../../protocol/weights.ts";
import { sendWeights, weightsName, type SendProgress } from "./weights-send.ts";

/** The SHA-256 of "abc" (FIPS 180-4, B.1). */
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/** A site that answers each request in turn and notes them. */
function site(answers: readonly ((call: string) => object)[]): string[] {
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const size = init.body instanceof Blob ? ` ${init.body.size}` : "";
    const call = `${init.method} ${path.replace(/[0-9a-f]{64}/, (hash) => hash.slice(0, 4))}${size}`;
    const answer = answers[calls.push(call) - 1]?.(path);
    return Response.json(answer);
  });
  return calls;
}

const hashIn = (path: string): string => /[0-9a-f]{64}/.exec(path)?.[0] ?? "";
const weights = (path: string) => ({
  sha256: hashIn(path),
  name: "a.gguf",
  bytes: 3,
  importedBy: "Ana",
  importedAt: 0,
  models: [],
});
const importing = (parts: number[]) => (path: string) => ({
  sha256: hashIn(path),
  name: "a.gguf",
  bytes: 3 * WEIGHTS_PART_BYTES,
  startedAt: 0,
  parts,
});

afterEach(() => vi.unstubAllGlobals());

describe("a file of weights", () => {
  it("that is small comes in one request, under its hash", async () => {
    const calls = site([weights]);
    const sent = await sendWeights(new File(["abc"], "a b.gguf"), () => {}, new AbortController().signal);
    expect(sent.sha256).toBe(ABC);
    expect(calls).toEqual(["PUT /api/weights/ba78?name=a_b.gguf 3"]);
  });

  it("that is large comes in parts, without those that came before", async () => {
    const calls = site([importing([2]), importing([1, 2]), importing([1, 2, 3]), weights]);
    const file = new File([new Uint8Array(2 * WEIGHTS_PART_BYTES + 5)], "a.gguf");
    const told: SendProgress[] = [];
    await sendWeights(file, (progress) => told.push(progress), new AbortController().signal);
    expect(calls.map((call) => call.replace(/weights\/\w+/, "weights/x"))).toEqual([
      "POST /api/weights/x/parts",
      `PUT /api/weights/x/parts/1 ${WEIGHTS_PART_BYTES}`,
      "PUT /api/weights/x/parts/3 5",
      "POST /api/weights/x/whole",
    ]);
    expect(new Set(told.map(({ phase }) => phase))).toEqual(new Set(["sum", "send", "check"]));
    expect(told.at(-1)).toEqual({ phase: "check", doneBytes: file.size });
  });

  it("is not sent any more once that was cancelled", async () => {
    const calls = site([]);
    const stop = new AbortController();
    const sending = sendWeights(new File(["abc"], "a.gguf"), () => stop.abort(), stop.signal);
    await expect(sending).rejects.toThrow();
    expect(calls.length).toBeLessThanOrEqual(1);
  });
});

describe("a file's name", () => {
  it.each([
    ["my model(1).gguf", "my_model_1_.gguf"],
    ["Qwen3-8B.Q4_K_M.gguf", "Qwen3-8B.Q4_K_M.gguf"],
    ["../x", "x"],
    ["模型", "weights"],
  ])("%s is taken as %s", (name, taken) => {
    expect(weightsName(name)).toBe(taken);
  });
});
