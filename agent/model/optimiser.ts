import { at } from "./kernels.ts";
import type { Weights } from "./network.ts";

/** One step towards a smaller loss by the gradients, which are cut to a length of at most 1; `rate` is the learning rate. */
export type Step = (gradients: Float32Array, rate: number) => void;

const DECAY = 0.01;
const MEAN_MEMORY = 0.9;
const SQUARE_MEMORY = 0.99;

/** AdamW (Loshchilov and Hutter 2019). So few steps take so little by decay that the norms' gains need no exception. */
export function adamW({ all }: Weights): Step {
  const means = new Float32Array(all.length);
  const squares = new Float32Array(all.length);
  let steps = 0;
  return (gradients, rate) => {
    steps++;
    const length = Math.sqrt(gradients.reduce((sum, value) => sum + value * value, 0));
    const scale = 1 / Math.max(1, length);
    const meanShare = 1 - MEAN_MEMORY ** steps;
    const squareShare = 1 - SQUARE_MEMORY ** steps;
    for (let i = 0; i < all.length; i++) {
      const gradient = at(gradients, i) * scale;
      const mean = MEAN_MEMORY * at(means, i) + (1 - MEAN_MEMORY) * gradient;
      const square = SQUARE_MEMORY * at(squares, i) + (1 - SQUARE_MEMORY) * gradient * gradient;
      means[i] = mean;
      squares[i] = square;
      const change = mean / meanShare / (Math.sqrt(square / squareShare) + 1e-8);
      all[i] = at(all, i) - rate * (change + DECAY * at(all, i));
    }
  };
}
