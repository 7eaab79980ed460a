import { seededRandom } from "../rules/seeded-random.ts";
import { type GgufFile, type Tensor, writeGguf } from "./model/gguf.ts";
import { normal } from "./model/random.ts";

const WIDTH = 32;
const INNER = 64;
const CONTEXT = 700;

const PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ..."abcdefghijklmnopqrstuvwxyz"].flatMap((piece) =>
  piece.length > 1 ? [piece] : [`\u2581${piece}`, piece],
);

/** A model for vectors alone, of BERT's kind, which has learnt nothing: its tokens look at those after them too. */
export const bertFile = (): Uint8Array => writeGguf({ facts, tensors: tensors() });

/** How long its vectors are, and how many tokens it reads. */
export const bert = { dimensions: WIDTH, contextTokens: CONTEXT } as const;

const facts: GgufFile["facts"] = {
  "general.architecture": { string: "bert" },
  "general.name": { string: "bert-of-chance" },
  "bert.vocab_size": { u32: PIECES.length },
  "bert.context_length": { u32: CONTEXT },
  "bert.embedding_length": { u32: WIDTH },
  "bert.block_count": { u32: 1 },
  "bert.feed_forward_length": { u32: INNER },
  "bert.attention.head_count": { u32: 2 },
  "bert.attention.layer_norm_epsilon": { f32: 1e-12 },
  "bert.attention.causal": { bool: false },
  // The mean of the tokens' vectors.
  "bert.pooling_type": { u32: 1 },
  "tokenizer.ggml.model": { string: "bert" },
  "tokenizer.ggml.token_type_count": { u32: 2 },
  "tokenizer.ggml.tokens": { strings: PIECES },
  "tokenizer.ggml.token_type": { i32s: PIECES.map((_, index) => (index < 4 ? 3 : 1)) },
  "tokenizer.ggml.padding_token_id": { u32: 0 },
  "tokenizer.ggml.unknown_token_id": { u32: 1 },
  "tokenizer.ggml.bos_token_id": { u32: 2 },
  "tokenizer.ggml.cls_token_id": { u32: 2 },
  "tokenizer.ggml.eos_token_id": { u32: 3 },
  "tokenizer.ggml.seperator_token_id": { u32: 3 },
};

function tensors(): Tensor[] {
  const random = seededRandom(5);
  const tensor = (name: string, dimensions: number[], value: () => number): Tensor => ({
    name,
    dimensions,
    values: Float32Array.from({ length: dimensions.reduce((all, length) => all * length, 1) }, value),
    type: "F32",
  });
  const matrix = (name: string, inputs: number, outputs: number): Tensor =>
    tensor(`${name}.weight`, [inputs, outputs], () => 0.3 * normal(random));
  const layer = (name: string, inputs: number, outputs: number): Tensor[] => [
    matrix(name, inputs, outputs),
    tensor(`${name}.bias`, [outputs], () => 0),
  ];
  const norm = (name: string): Tensor[] => [
    tensor(`${name}.weight`, [WIDTH], () => 1),
    tensor(`${name}.bias`, [WIDTH], () => 0),
  ];
  return [
    matrix("token_embd", WIDTH, PIECES.length),
    matrix("token_types", WIDTH, 2),
    matrix("position_embd", WIDTH, CONTEXT),
    ...norm("token_embd_norm"),
    ...layer("blk.0.attn_q", WIDTH, WIDTH),
    ...layer("blk.0.attn_k", WIDTH, WIDTH),
    ...layer("blk.0.attn_v", WIDTH, WIDTH),
    ...layer("blk.0.attn_output", WIDTH, WIDTH),
    ...norm("blk.0.attn_output_norm"),
    ...layer("blk.0.ffn_up", WIDTH, INNER),
    ...layer("blk.0.ffn_down", INNER, WIDTH),
    ...norm("blk.0.layer_output_norm"),
  ];
}
