import { CHAT_TEMPLATE } from "./chat.ts";
import type { GgufFile, Tensor } from "./gguf.ts";
import { type Shape, type Weights, widthOf } from "./network.ts";
import { BEGIN_OF_TEXT, pieceKinds, TURN_END, type Vocabulary } from "./vocabulary.ts";

/** llama.cpp's number for a file whose matrices are F16 (enum llama_ftype). */
const MOSTLY_F16 = 1;

/** The model under the names by which llama.cpp's architecture "llama" finds its parts. */
export function modelFile(shape: Shape, weights: Weights, vocabulary: Vocabulary): GgufFile {
  return {
    facts: { ...networkFacts(shape), ...tokenizerFacts(vocabulary) },
    tensors: tensorsOf(shape, weights),
  };
}

function networkFacts(shape: Shape): GgufFile["facts"] {
  return {
    "general.architecture": { string: "llama" },
    "general.name": { string: "tabarena-tiny" },
    "general.license": { string: "apache-2.0" },
    "general.file_type": { u32: MOSTLY_F16 },
    "llama.vocab_size": { u32: shape.vocabulary },
    "llama.context_length": { u32: shape.context },
    "llama.embedding_length": { u32: widthOf(shape) },
    "llama.block_count": { u32: shape.layers },
    "llama.feed_forward_length": { u32: shape.feedForward },
    "llama.attention.head_count": { u32: shape.heads },
    "llama.attention.head_count_kv": { u32: shape.heads },
    "llama.attention.layer_norm_rms_epsilon": { f32: shape.epsilon },
    "llama.rope.dimension_count": { u32: shape.headWidth },
    "llama.rope.freq_base": { f32: shape.ropeBase },
  };
}

function tokenizerFacts({ pieces, ids }: Vocabulary): GgufFile["facts"] {
  const idOf = (text: string): number => ids.get(text) ?? 0;
  return {
    "tokenizer.ggml.model": { string: "llama" },
    "tokenizer.ggml.pre": { string: "default" },
    "tokenizer.ggml.tokens": { strings: pieces.map(({ text }) => text) },
    "tokenizer.ggml.scores": { f32s: pieces.map(({ score }) => score) },
    "tokenizer.ggml.token_type": { i32s: pieces.map(({ kind }) => pieceKinds[kind]) },
    "tokenizer.ggml.unknown_token_id": { u32: idOf("<unk>") },
    "tokenizer.ggml.bos_token_id": { u32: idOf(BEGIN_OF_TEXT) },
    "tokenizer.ggml.eos_token_id": { u32: idOf(TURN_END) },
    "tokenizer.ggml.eot_token_id": { u32: idOf(TURN_END) },
    "tokenizer.ggml.add_bos_token": { bool: true },
    "tokenizer.ggml.add_eos_token": { bool: false },
    "tokenizer.ggml.add_space_prefix": { bool: false },
    "tokenizer.chat_template": { string: CHAT_TEMPLATE },
  };
}

function tensorsOf(shape: Shape, weights: Weights): Tensor[] {
  const width = widthOf(shape);
  const matrix = (name: string, values: Float32Array, inputs = width): Tensor => ({
    name: `${name}.weight`,
    dimensions: [inputs, values.length / inputs],
    values,
    type: "F16",
  });
  // llama.cpp wants the gains of norms in F32.
  const gains = (name: string, values: Float32Array): Tensor => ({
    name: `${name}.weight`,
    dimensions: [values.length],
    values,
    type: "F32",
  });
  return [
    matrix("token_embd", weights.embedding),
    gains("output_norm", weights.outputNorm),
    ...weights.layers.flatMap((layer, index) => [
      gains(`blk.${index}.attn_norm`, layer.attentionNorm),
      matrix(`blk.${index}.attn_q`, layer.query),
      matrix(`blk.${index}.attn_k`, layer.key),
      matrix(`blk.${index}.attn_v`, layer.value),
      matrix(`blk.${index}.attn_output`, layer.attentionOut),
      gains(`blk.${index}.ffn_norm`, layer.feedForwardNorm),
      matrix(`blk.${index}.ffn_gate`, layer.gate),
      matrix(`blk.${index}.ffn_up`, layer.up),
      matrix(`blk.${index}.ffn_down`, layer.down, shape.feedForward),
    ]),
  ];
}
