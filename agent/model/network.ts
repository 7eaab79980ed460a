import {
  at,
  attend,
  attendBackward,
  gated,
  gatedBackward,
  type Attention,
  type HeadShape,
  type LinearShape,
  linear,
  linearBackward,
  normalise,
  normaliseBackward,
  rotate,
  softmax,
  type Span,
} from "./kernels.ts";
import { normal, type Random } from "./random.ts";
import type { Example } from "./chat.ts";

/** A transformer decoder as llama.cpp's architecture "llama" has it, its first and last matrix being the same. */
export interface Shape extends HeadShape {
  vocabulary: number;
  layers: number;
  feedForward: number;
  context: number;
  epsilon: number;
}

export const widthOf = ({ heads, headWidth }: HeadShape): number => heads * headWidth;

export interface Layer extends Attention {
  attentionNorm: Float32Array;
  attentionOut: Float32Array;
  feedForwardNorm: Float32Array;
  gate: Float32Array;
  up: Float32Array;
  down: Float32Array;
}

/** The weights, or as many gradients: views of `all`, so that an optimiser needs no names. */
export interface Weights {
  all: Float32Array;
  embedding: Float32Array;
  outputNorm: Float32Array;
  layers: readonly Layer[];
}

/** As many weights as `shape` asks for, all 0. */
export function zeroWeights(shape: Shape): Weights {
  const width = widthOf(shape);
  const { vocabulary, feedForward, layers } = shape;
  const perLayer = 2 * width + 4 * width * width + 3 * width * feedForward;
  const all = new Float32Array(vocabulary * width + width + layers * perLayer);
  let used = 0;
  const take = (size: number): Float32Array => all.subarray(used, (used += size));
  return {
    all,
    embedding: take(vocabulary * width),
    outputNorm: take(width),
    layers: Array.from({ length: layers }, () => ({
      attentionNorm: take(width),
      query: take(width * width),
      key: take(width * width),
      value: take(width * width),
      attentionOut: take(width * width),
      feedForwardNorm: take(width),
      gate: take(width * feedForward),
      up: take(width * feedForward),
      down: take(width * feedForward),
    })),
  };
}

/** First weights: what leads back into the stream starts small, so that a layer changes little at first. */
export function firstWeights(shape: Shape, random: Random): Weights {
  const weights = zeroWeights(shape);
  const fill = (values: Float32Array, deviation: number): void => {
    for (let i = 0; i < values.length; i++) values[i] = normal(random) * deviation;
  };
  const perInput = 1 / Math.sqrt(widthOf(shape));
  fill(weights.embedding, 0.05);
  weights.outputNorm.fill(1);
  for (const layer of weights.layers) {
    layer.attentionNorm.fill(1);
    layer.feedForwardNorm.fill(1);
    for (const matrix of [layer.query, layer.key, layer.value, layer.gate, layer.up]) fill(matrix, perInput);
    for (const matrix of [layer.attentionOut, layer.down]) fill(matrix, perInput / 2);
  }
  return weights;
}

/** What the network got right: `loss` is the mean over the learnt tokens of -ln(probability). */
export interface Outcome {
  loss: number;
  /** For each example, whether every learnt token was the likeliest one: then greedy decoding says just this. */
  exact: readonly boolean[];
}

/**
 * Runs the network over the examples; with `gradients`, adds to them the derivative of the loss by each weight.
 */
export function run(
  shape: Shape,
  weights: Weights,
  examples: readonly Example[],
  gradients: Weights | null,
): Outcome {
  const batch = pack(examples);
  const width = widthOf(shape);
  let stream: Float32Array = new Float32Array(batch.inputs.length * width);
  batch.inputs.forEach((token, row) =>
    stream.set(weights.embedding.subarray(token * width, (token + 1) * width), row * width),
  );
  const passes: LayerPass[] = [];
  for (const layer of weights.layers) {
    const pass = layerForward(shape, layer, stream, batch.spans);
    passes.push(pass);
    stream = pass.after;
  }
  const { outcome, dStream } = head(shape, weights, gradients, stream, batch);
  if (gradients) {
    for (const [index, pass] of [...passes.entries()].reverse()) {
      const layer = weights.layers[index];
      const dLayer = gradients.layers[index];
      if (layer && dLayer) layerBackward(shape, layer, dLayer, pass, dStream, batch.spans);
    }
    batch.inputs.forEach((token, row) => {
      for (let i = 0; i < width; i++)
        gradients.embedding[token * width + i] =
          at(gradients.embedding, token * width + i) + at(dStream, row * width + i);
    });
  }
  return outcome;
}

/** Examples one after the other: one matrix product serves them all. */
interface Batch {
  inputs: readonly number[];
  spans: readonly Span[];
  /** The rows from which a token is to be learnt, that token, and whose example it is. */
  lessons: readonly { row: number; token: number; example: number }[];
}

function pack(examples: readonly Example[]): Batch {
  const inputs: number[] = [];
  const spans: Span[] = [];
  const lessons: Batch["lessons"][number][] = [];
  for (const [example, { tokens, learn }] of examples.entries()) {
    const start = inputs.length;
    spans.push({ start, length: tokens.length - 1 });
    inputs.push(...tokens.subarray(0, -1));
    tokens.forEach((token, index) => {
      if (learn[index] === 1 && index > 0) lessons.push({ row: start + index - 1, token, example });
    });
  }
  return { inputs, spans, lessons };
}

/** What a layer's way back needs to know of its way there. */
interface LayerPass extends Attention {
  before: Float32Array;
  attentionIn: Float32Array;
  attended: Float32Array;
  between: Float32Array;
  feedForwardIn: Float32Array;
  gate: Float32Array;
  up: Float32Array;
  hidden: Float32Array;
  after: Float32Array;
}

function layerForward(shape: Shape, layer: Layer, before: Float32Array, spans: readonly Span[]): LayerPass {
  const { square, widen, narrow, epsilon } = shapesOf(shape, before);
  const like = (): Float32Array => new Float32Array(before.length);
  const [attentionIn, query, key, value, attended, feedForwardIn] = [
    like(),
    like(),
    like(),
    like(),
    like(),
    like(),
  ];
  normalise(attentionIn, before, layer.attentionNorm, epsilon);
  linear(query, attentionIn, layer.query, square);
  linear(key, attentionIn, layer.key, square);
  linear(value, attentionIn, layer.value, square);
  rotate(query, spans, shape, 1);
  rotate(key, spans, shape, 1);
  attend(attended, { query, key, value }, spans, shape);
  const between = before.slice();
  linear(between, attended, layer.attentionOut, square);

  normalise(feedForwardIn, between, layer.feedForwardNorm, epsilon);
  const wide = (): Float32Array => new Float32Array(square.rows * shape.feedForward);
  const [gate, up, hidden] = [wide(), wide(), wide()];
  linear(gate, feedForwardIn, layer.gate, widen);
  linear(up, feedForwardIn, layer.up, widen);
  gated(hidden, gate, up);
  const after = between.slice();
  linear(after, hidden, layer.down, narrow);
  return {
    before,
    attentionIn,
    query,
    key,
    value,
    attended,
    between,
    feedForwardIn,
    gate,
    up,
    hidden,
    after,
  };
}

/** `dStream` is the gradient by the layer's result, and becomes that by what it read. */
function layerBackward(
  shape: Shape,
  layer: Layer,
  dLayer: Layer,
  pass: LayerPass,
  dStream: Float32Array,
  spans: readonly Span[],
): void {
  const { square, widen, narrow, epsilon } = shapesOf(shape, dStream);
  const like = (): Float32Array => new Float32Array(dStream.length);
  const wide = (): Float32Array => new Float32Array(square.rows * shape.feedForward);
  const [dHidden, dGate, dUp, dFeedForwardIn] = [wide(), wide(), wide(), like()];
  linearBackward(
    { x: dHidden, weights: dLayer.down },
    dStream,
    { x: pass.hidden, weights: layer.down },
    narrow,
  );
  gatedBackward({ gate: dGate, up: dUp }, dHidden, pass);
  for (const [name, dOut] of [
    ["gate", dGate],
    ["up", dUp],
  ] as const)
    linearBackward(
      { x: dFeedForwardIn, weights: dLayer[name] },
      dOut,
      { x: pass.feedForwardIn, weights: layer[name] },
      widen,
    );
  normaliseBackward(
    { x: dStream, gain: dLayer.feedForwardNorm },
    dFeedForwardIn,
    { x: pass.between, gain: layer.feedForwardNorm },
    epsilon,
  );

  const [dAttended, query, key, value, dAttentionIn] = [like(), like(), like(), like(), like()];
  linearBackward(
    { x: dAttended, weights: dLayer.attentionOut },
    dStream,
    { x: pass.attended, weights: layer.attentionOut },
    square,
  );
  attendBackward({ query, key, value }, dAttended, pass, spans, shape);
  rotate(query, spans, shape, -1);
  rotate(key, spans, shape, -1);
  for (const [name, dOut] of [
    ["query", query],
    ["key", key],
    ["value", value],
  ] as const)
    linearBackward(
      { x: dAttentionIn, weights: dLayer[name] },
      dOut,
      { x: pass.attentionIn, weights: layer[name] },
      square,
    );
  normaliseBackward(
    { x: dStream, gain: dLayer.attentionNorm },
    dAttentionIn,
    { x: pass.before, gain: layer.attentionNorm },
    epsilon,
  );
}

function shapesOf(
  shape: Shape,
  stream: Float32Array,
): Record<"square" | "widen" | "narrow", LinearShape> & { epsilon: number } {
  const width = widthOf(shape);
  const rows = stream.length / width;
  return {
    square: { rows, inputs: width, outputs: width },
    widen: { rows, inputs: width, outputs: shape.feedForward },
    narrow: { rows, inputs: shape.feedForward, outputs: width },
    epsilon: shape.epsilon,
  };
}

/** The last step, worked out only for the rows that something is to be learnt from. */
function head(
  shape: Shape,
  weights: Weights,
  gradients: Weights | null,
  stream: Float32Array,
  { lessons, spans }: Batch,
): { outcome: Outcome; dStream: Float32Array } {
  const { vocabulary, epsilon } = shape;
  const width = widthOf(shape);
  const picked = new Float32Array(lessons.length * width);
  for (const [index, { row }] of lessons.entries())
    picked.set(stream.subarray(row * width, (row + 1) * width), index * width);
  const normalised = new Float32Array(picked.length);
  normalise(normalised, picked, weights.outputNorm, epsilon);
  const logits = new Float32Array(lessons.length * vocabulary);
  const project = { rows: lessons.length, inputs: width, outputs: vocabulary };
  linear(logits, normalised, weights.embedding, project);
  const exact = spans.map(() => true);
  let loss = 0;
  for (const [index, { token, example }] of lessons.entries()) {
    const start = index * vocabulary;
    const logit = at(logits, start + token);
    if (logits.subarray(start, start + vocabulary).some((other) => other > logit)) exact[example] = false;
    loss += softmax(logits, start, vocabulary) - logit;
    logits[start + token] = at(logits, start + token) - 1;
  }
  const outcome = { loss: loss / lessons.length, exact };
  const dStream = new Float32Array(stream.length);
  if (!gradients) return { outcome, dStream };
  for (let i = 0; i < logits.length; i++) logits[i] = at(logits, i) / lessons.length;
  const dNormalised = new Float32Array(picked.length);
  linearBackward(
    { x: dNormalised, weights: gradients.embedding },
    logits,
    { x: normalised, weights: weights.embedding },
    project,
  );
  const dPicked = new Float32Array(picked.length);
  normaliseBackward(
    { x: dPicked, gain: gradients.outputNorm },
    dNormalised,
    { x: picked, gain: weights.outputNorm },
    epsilon,
  );
  for (const [index, { row }] of lessons.entries())
    dStream.set(dPicked.subarray(index * width, (index + 1) * width), row * width);
  return { outcome, dStream };
}
