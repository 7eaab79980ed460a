import { describe, expect, it } from "vitest";
import { readGgufFacts } from "./gguf-facts.ts";

type Written = string | number | boolean | readonly string[] | readonly number[];

/** The beginning of a file, by the format's own words. */
function gguf(facts: Record<string, Written>, version = 3): Uint8Array {
  const bytes: number[] = [];
  const u32 = (value: number): void => {
    for (let shift = 0; shift < 32; shift += 8) bytes.push((value >>> shift) & 0xff);
  };
  const u64 = (value: number): void => {
    u32(value);
    u32(0);
  };
  const text = (value: string): void => {
    const encoded = new TextEncoder().encode(value);
    u64(encoded.length);
    bytes.push(...encoded);
  };
  const value = (written: Written): void => {
    if (typeof written === "string") {
      u32(8);
      text(written);
    } else if (typeof written === "number") {
      u32(4);
      u32(written);
    } else if (typeof written === "boolean") {
      u32(7);
      bytes.push(Number(written));
    } else {
      u32(9);
      u32(typeof written[0] === "string" ? 8 : 4);
      u64(written.length);
      for (const one of written)
        if (typeof one === "string") text(one);
        else u32(one);
    }
  };
  bytes.push(...new TextEncoder().encode("GGUF"));
  u32(version);
  u64(0);
  u64(Object.keys(facts).length);
  for (const [name, written] of Object.entries(facts)) {
    text(name);
    value(written);
  }
  return Uint8Array.from(bytes);
}

const facts = {
  "general.architecture": "qwen9",
  "tokenizer.ggml.tokens": ["a", "b", "ção"],
  "tokenizer.ggml.token_type": [1, 1, 6],
  "general.name": "A model",
  "general.file_type": 15,
  "qwen9.context_length": 32_768,
  "qwen9.block_count": 3,
  "qwen9.embedding_length": 64,
  "qwen9.attention.head_count": 8,
  "qwen9.attention.head_count_kv": 2,
  "tokenizer.ggml.add_bos_token": true,
  "tokenizer.chat_template": "{{ messages }}",
};

describe("what a GGUF file tells of its model", () => {
  it("is told by its first facts, whatever vocabulary lies between them", () => {
    expect(readGgufFacts(gguf(facts))).toEqual({
      name: "A model",
      architecture: "qwen9",
      quantisation: "Q4_K_M",
      contextTokens: 32_768,
      hasChatTemplate: true,
      // 3 layers, 2 heads of 8 numbers, of 16 bits, for keys and for values.
      bytesPerToken: 3 * 2 * (8 + 8) * 2,
    });
  });

  it("is null where the file does not tell it", () => {
    expect(readGgufFacts(gguf({ "general.architecture": "bert", "general.file_type": 999 }))).toEqual({
      name: null,
      architecture: "bert",
      quantisation: null,
      contextTokens: null,
      hasChatTemplate: false,
      bytesPerToken: null,
    });
  });

  it("wants more bytes wherever the file is cut within its facts", () => {
    const whole = gguf(facts);
    for (let length = 0; length < whole.length; length++)
      expect(readGgufFacts(whole.subarray(0, length))).toBe("more");
  });

  it("is not looked for in other files, nor in versions that are not in use, nor without an architecture", () => {
    expect(readGgufFacts(new TextEncoder().encode("PK\u0003\u0004 and more of an archive"))).toBe("unknown");
    expect(readGgufFacts(gguf(facts, 1))).toBe("unknown");
    expect(readGgufFacts(gguf({ "general.name": "A model" }))).toBe("unknown");
  });

  it("is unknown, and not waited for, where a count or a type is beyond all reason", () => {
    expect(readGgufFacts(gguf(facts).fill(0xff, 16, 24))).toBe("unknown");
    const typed = gguf({ "general.architecture": "llama" });
    typed[24 + 8 + "general.architecture".length] = 77;
    expect(readGgufFacts(typed)).toBe("unknown");
  });
});
