import { describe, expect, it } from "vitest";
import type { Example } from "./chat.ts";
import { firstWeights, run, type Shape, type Weights, zeroWeights } from "./network.ts";
import { adamW } from "./optimiser.ts";
import { seededRandom } from "../../rules/seeded-random.ts";

const shape: Shape = {
  vocabulary: 12,
  layers: 2,
  heads: 2,
  headWidth: 4,
  feedForward: 12,
  context: 32,
  ropeBase: 10_000,
  epsilon: 1e-5,
};

/** An odd number of rows in all, of which some teach nothing. */
const examples: Example[] = [
  { tokens: Int32Array.of(1, 5, 3, 7, 2, 9), learn: Uint8Array.of(0, 0, 1, 1, 0, 1) },
  { tokens: Int32Array.of(1, 4, 4, 8, 0), learn: Uint8Array.of(0, 1, 1, 1, 1) },
];

/** Weights far from the first ones, so that no gradient is small by construction. */
function someWeights(): Weights {
  const weights = firstWeights(shape, seededRandom(3));
  const random = seededRandom(4);
  for (let i = 0; i < weights.all.length; i++)
    weights.all[i] = (weights.all[i] ?? 0) + 0.6 * (random() - 0.5);
  return weights;
}

const lossOf = (weights: Weights): number => run(shape, weights, examples, null).loss;

describe("the network", () => {
  it("has, for every weight, the gradient that finite differences show", () => {
    const weights = someWeights();
    const gradients = zeroWeights(shape);
    run(shape, weights, examples, gradients);
    const numeric = weights.all.map((weight, index) => {
      const step = 1e-3;
      weights.all[index] = weight + step;
      const above = lossOf(weights);
      weights.all[index] = weight - step;
      const below = lossOf(weights);
      weights.all[index] = weight;
      return (above - below) / (2 * step);
    });
    const largest = Math.max(...numeric.map(Math.abs));
    const errors = numeric.map((expected, index) => Math.abs(expected - (gradients.all[index] ?? NaN)));
    expect(largest).toBeGreaterThan(0.1);
    expect(Math.max(...errors)).toBeLessThan(2e-3 * largest);
  });

  it("adds its gradients to those that are there", () => {
    const weights = someWeights();
    const [once, twice] = [zeroWeights(shape), zeroWeights(shape)];
    run(shape, weights, examples, once);
    run(shape, weights, examples, twice);
    run(shape, weights, examples, twice);
    once.all.forEach((gradient, index) => expect(twice.all[index]).toBeCloseTo(2 * gradient, 5));
  });

  it("gives an example the same loss alone as beside another: none sees the other", () => {
    const weights = someWeights();
    const together = lossOf(weights) * 7;
    const apart = examples.map((example) => {
      const count = example.learn.reduce((sum, learnt) => sum + learnt, 0);
      return run(shape, weights, [example], null).loss * count;
    });
    expect(together).toBeCloseTo(
      apart.reduce((sum, loss) => sum + loss, 0),
      4,
    );
  });

  it("learns examples by heart, and says then that they are exact", () => {
    const weights = firstWeights(shape, seededRandom(1));
    const step = adamW(weights);
    const gradients = zeroWeights(shape);
    expect(run(shape, weights, examples, null).exact).toEqual([false, false]);
    for (let done = 0; done < 150; done++) {
      gradients.all.fill(0);
      run(shape, weights, examples, gradients);
      step(gradients.all, 0.01);
    }
    const { loss, exact } = run(shape, weights, examples, null);
    expect(loss).toBeLessThan(0.05);
    expect(exact).toEqual([true, true]);
  });
});
