/**
 * The arithmetic of the network, each piece with its derivative. A matrix lies row after row in a Float32Array. What is
 * called `…Backward` adds to the gradients that it is given, because several paths may lead to one value.
 */

/** An element that is known to be there; the optimising compiler drops the alternative. */
export const at = (values: Float32Array, index: number): number => values[index] ?? 0;

/** How a matrix is read: the distance between rows and that between the elements that a product runs along. */
export interface Layout {
  values: Float32Array;
  step: number;
  along: number;
}

/**
 * `out[r, c] += Σₖ left[r, k] · right[c, k]`, in tiles of two rows by four columns: eight sums stay in registers, and six
 * reads serve sixteen operations. A last odd row is computed twice and written twice, with the same result.
 *
 * @param columns a multiple of 4
 */
export function multiply(
  out: Float32Array,
  left: Layout,
  right: Layout,
  [rows, columns, depth]: readonly [rows: number, columns: number, depth: number],
): void {
  const { values: a, step: aStep, along: aAlong } = left;
  const { values: b, step: bStep, along: bAlong } = right;
  for (let row = 0; row < rows; row += 2) {
    const next = Math.min(row + 1, rows - 1);
    for (let column = 0; column < columns; column += 4) {
      let p00 = 0,
        p01 = 0,
        p02 = 0,
        p03 = 0;
      let p10 = 0,
        p11 = 0,
        p12 = 0,
        p13 = 0;
      let a0 = row * aStep;
      let a1 = next * aStep;
      let b0 = column * bStep;
      for (let k = 0; k < depth; k++) {
        const x = at(a, a0);
        const y = at(a, a1);
        const u0 = at(b, b0);
        const u1 = at(b, b0 + bStep);
        const u2 = at(b, b0 + 2 * bStep);
        const u3 = at(b, b0 + 3 * bStep);
        p00 += x * u0;
        p01 += x * u1;
        p02 += x * u2;
        p03 += x * u3;
        p10 += y * u0;
        p11 += y * u1;
        p12 += y * u2;
        p13 += y * u3;
        a0 += aAlong;
        a1 += aAlong;
        b0 += bAlong;
      }
      const o0 = row * columns + column;
      const o1 = next * columns + column;
      const q0 = at(out, o1) + p10;
      const q1 = at(out, o1 + 1) + p11;
      const q2 = at(out, o1 + 2) + p12;
      const q3 = at(out, o1 + 3) + p13;
      out[o0] = at(out, o0) + p00;
      out[o0 + 1] = at(out, o0 + 1) + p01;
      out[o0 + 2] = at(out, o0 + 2) + p02;
      out[o0 + 3] = at(out, o0 + 3) + p03;
      out[o1] = q0;
      out[o1 + 1] = q1;
      out[o1 + 2] = q2;
      out[o1 + 3] = q3;
    }
  }
}

/** `out += x · weightsᵀ`: a row of the result for each row of x; weights have a row for each output. */
export function linear(out: Float32Array, x: Float32Array, weights: Float32Array, shape: LinearShape): void {
  const { rows, inputs, outputs } = shape;
  multiply(out, { values: x, step: inputs, along: 1 }, { values: weights, step: inputs, along: 1 }, [
    rows,
    outputs,
    inputs,
  ]);
}

/** All but `rows` are multiples of 4. */
export interface LinearShape {
  rows: number;
  inputs: number;
  outputs: number;
}

/** From the gradient of a linear layer's result to those of what it read and of its weights. */
export function linearBackward(
  gradients: { x: Float32Array; weights: Float32Array },
  dOut: Float32Array,
  { x, weights }: { x: Float32Array; weights: Float32Array },
  { rows, inputs, outputs }: LinearShape,
): void {
  multiply(
    gradients.x,
    { values: dOut, step: outputs, along: 1 },
    { values: weights, step: 1, along: inputs },
    [rows, inputs, outputs],
  );
  multiply(
    gradients.weights,
    { values: dOut, step: 1, along: outputs },
    { values: x, step: 1, along: inputs },
    [outputs, inputs, rows],
  );
}

/** Root mean square normalisation of each row (Zhang and Sennrich 2019): `out = x / rms(x) · gain`. */
export function normalise(out: Float32Array, x: Float32Array, gain: Float32Array, epsilon: number): void {
  const width = gain.length;
  for (let row = 0; row < x.length; row += width) {
    const scale = inverseRms(x, row, width, epsilon);
    for (let i = 0; i < width; i++) out[row + i] = at(x, row + i) * scale * at(gain, i);
  }
}

function inverseRms(x: Float32Array, row: number, width: number, epsilon: number): number {
  let squares = 0;
  for (let i = row; i < row + width; i++) squares += at(x, i) * at(x, i);
  return 1 / Math.sqrt(squares / width + epsilon);
}

export function normaliseBackward(
  gradients: { x: Float32Array; gain: Float32Array },
  dOut: Float32Array,
  { x, gain }: { x: Float32Array; gain: Float32Array },
  epsilon: number,
): void {
  const width = gain.length;
  for (let row = 0; row < x.length; row += width) {
    const scale = inverseRms(x, row, width, epsilon);
    let along = 0;
    for (let i = 0; i < width; i++) {
      const upstream = at(dOut, row + i);
      along += upstream * at(gain, i) * at(x, row + i);
      gradients.gain[i] = at(gradients.gain, i) + upstream * at(x, row + i) * scale;
    }
    const pull = (scale * scale * scale * along) / width;
    for (let i = row; i < row + width; i++)
      gradients.x[i] = at(gradients.x, i) + at(dOut, i) * at(gain, i - row) * scale - at(x, i) * pull;
  }
}

/** `out = silu(gate) · up` (Shazeer 2020, SwiGLU). */
export function gated(out: Float32Array, gate: Float32Array, up: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (at(gate, i) / (1 + Math.exp(-at(gate, i)))) * at(up, i);
}

/** Writes, and does not add: gate and up have no other path. */
export function gatedBackward(
  gradients: { gate: Float32Array; up: Float32Array },
  dOut: Float32Array,
  { gate, up }: { gate: Float32Array; up: Float32Array },
): void {
  for (let i = 0; i < dOut.length; i++) {
    const sigmoid = 1 / (1 + Math.exp(-at(gate, i)));
    gradients.up[i] = at(dOut, i) * at(gate, i) * sigmoid;
    gradients.gate[i] = at(dOut, i) * at(up, i) * sigmoid * (1 + at(gate, i) * (1 - sigmoid));
  }
}

/** Some rows after one another, each with its own positions and seeing only itself. */
export interface Span {
  start: number;
  length: number;
}

/**
 * Turns each pair of neighbouring elements of a head by an angle that grows with the position (Su et al. 2021, RoPE), in
 * the order that llama.cpp calls NORM. With `direction` -1 it turns back, which is also its derivative.
 */
export function rotate(x: Float32Array, spans: readonly Span[], shape: HeadShape, direction: 1 | -1): void {
  const { heads, headWidth, ropeBase } = shape;
  const width = heads * headWidth;
  for (let pair = 0; pair < headWidth / 2; pair++) {
    const frequency = ropeBase ** ((-2 * pair) / headWidth);
    for (const { start, length } of spans)
      for (let position = 0; position < length; position++) {
        const cosine = Math.cos(position * frequency);
        const sine = direction * Math.sin(position * frequency);
        for (let head = 0; head < heads; head++) {
          const i = (start + position) * width + head * headWidth + 2 * pair;
          const a = at(x, i);
          const b = at(x, i + 1);
          x[i] = a * cosine - b * sine;
          x[i + 1] = a * sine + b * cosine;
        }
      }
  }
}

export interface HeadShape {
  heads: number;
  headWidth: number;
  ropeBase: number;
}

export interface Attention {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
}

/** Adds up, for each row and head, the values of the rows up to it in its span, by the softmax of query · key. */
export function attend(out: Float32Array, from: Attention, spans: readonly Span[], shape: HeadShape): void {
  forEachRow(spans, shape, (first, row, count, head) => {
    const weights = attentionWeights(from, first, row, count, shape, head);
    const width = shape.heads * shape.headWidth;
    for (let seen = 0; seen < count; seen++) {
      const weight = at(weights, seen);
      const source = (first + seen) * width + head * shape.headWidth;
      const target = row * width + head * shape.headWidth;
      for (let i = 0; i < shape.headWidth; i++)
        out[target + i] = at(out, target + i) + weight * at(from.value, source + i);
    }
  });
}

export function attendBackward(
  gradients: Attention,
  dOut: Float32Array,
  from: Attention,
  spans: readonly Span[],
  shape: HeadShape,
): void {
  const { heads, headWidth } = shape;
  const width = heads * headWidth;
  const scale = 1 / Math.sqrt(headWidth);
  const dWeights = new Float32Array(Math.max(0, ...spans.map(({ length }) => length)));
  forEachRow(spans, shape, (first, row, count, head) => {
    const weights = attentionWeights(from, first, row, count, shape, head);
    const target = row * width + head * headWidth;
    let mean = 0;
    for (let seen = 0; seen < count; seen++) {
      const source = (first + seen) * width + head * headWidth;
      const weight = at(weights, seen);
      let dWeight = 0;
      for (let i = 0; i < headWidth; i++) {
        dWeight += at(dOut, target + i) * at(from.value, source + i);
        gradients.value[source + i] = at(gradients.value, source + i) + weight * at(dOut, target + i);
      }
      dWeights[seen] = dWeight;
      mean += weight * dWeight;
    }
    for (let seen = 0; seen < count; seen++) {
      const source = (first + seen) * width + head * headWidth;
      const dScore = at(weights, seen) * (at(dWeights, seen) - mean) * scale;
      for (let i = 0; i < headWidth; i++) {
        gradients.query[target + i] = at(gradients.query, target + i) + dScore * at(from.key, source + i);
        gradients.key[source + i] = at(gradients.key, source + i) + dScore * at(from.query, target + i);
      }
    }
  });
}

function forEachRow(
  spans: readonly Span[],
  { heads }: HeadShape,
  visit: (first: number, row: number, count: number, head: number) => void,
): void {
  for (const { start, length } of spans)
    for (let head = 0; head < heads; head++)
      for (let position = 0; position < length; position++)
        visit(start, start + position, position + 1, head);
}

/** Of one row and head, over the `count` rows from `first` on. They are worked out again on the way back, not kept. */
function attentionWeights(
  { query, key }: Attention,
  first: number,
  row: number,
  count: number,
  { heads, headWidth }: HeadShape,
  head: number,
): Float32Array {
  const width = heads * headWidth;
  const scale = 1 / Math.sqrt(headWidth);
  const scores = new Float32Array(count);
  const target = row * width + head * headWidth;
  for (let seen = 0; seen < count; seen++) {
    const source = (first + seen) * width + head * headWidth;
    let score = 0;
    for (let i = 0; i < headWidth; i++) score += at(query, target + i) * at(key, source + i);
    scores[seen] = score * scale;
  }
  softmax(scores, 0, count);
  return scores;
}

/** Of `count` elements from `start` on, in place. Returns the logarithm of the sum that they were divided by. */
export function softmax(values: Float32Array, start: number, count: number): number {
  let most = -Infinity;
  for (let i = start; i < start + count; i++) most = Math.max(most, at(values, i));
  let sum = 0;
  for (let i = start; i < start + count; i++) {
    const power = Math.exp(at(values, i) - most);
    values[i] = power;
    sum += power;
  }
  for (let i = start; i < start + count; i++) values[i] = at(values, i) / sum;
  return most + Math.log(sum);
}
