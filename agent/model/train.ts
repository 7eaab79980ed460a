import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Example, exampleOf } from "./chat.ts";
import { conversation } from "./corpus.ts";
import { corpusVocabulary } from "./corpus-vocabulary.ts";
import { writeGguf } from "./gguf.ts";
import { modelFile } from "./model-file.ts";
import { firstWeights, run, type Shape, type Weights, zeroWeights } from "./network.ts";
import { adamW } from "./optimiser.ts";
import { seededRandom } from "../../rules/seeded-random.ts";
import { BEGIN_OF_TEXT, openTokenizer, type Tokenizer } from "./vocabulary.ts";

/**
 * npm run train [-- --steps N --seed N --out FILE]: makes the demo model from nothing, on one processor.
 *
 * The same seed and steps give the same file on one version of Node; another may round an exponential differently.
 */
const shape: Shape = {
  vocabulary: 1024,
  layers: 3,
  heads: 4,
  headWidth: 16,
  feedForward: 192,
  context: 1024,
  ropeBase: 10_000,
  epsilon: 1e-5,
};
const BATCH = 4;
const RATE = 3e-3;
const WARM_UP = 40;
const REPORT_EVERY = 25;

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: join(import.meta.dirname, "tabarena-tiny.gguf") },
  },
});
const steps = wholeNumber("steps", values.steps);
const seed = wholeNumber("seed", values.seed);

const vocabulary = corpusVocabulary(shape.vocabulary);
const tokenizer = openTokenizer(vocabulary);
const weights = firstWeights(shape, seededRandom(seed));
say(`${weights.all.length} weights, ${steps} steps of ${BATCH} conversations`);
train(weights, tokenizer);
const file = writeGguf(modelFile(shape, weights, vocabulary));
writeFileSync(values.out, file);
say(`${values.out}: ${file.length} bytes`);

function train(trained: Weights, by: Tokenizer): void {
  const random = seededRandom(seed + 1);
  const step = adamW(trained);
  const gradients = zeroWeights(shape);
  const began = performance.now();
  let recent = { loss: 0, exact: 0, examples: 0, tokens: 0 };
  for (let done = 1; done <= steps; done++) {
    const examples = Array.from({ length: BATCH }, () => example(by, random));
    gradients.all.fill(0);
    const { loss, exact } = run(shape, trained, examples, gradients);
    step(gradients.all, rateAt(done));
    recent.loss += loss;
    recent.exact += exact.filter(Boolean).length;
    recent.examples += BATCH;
    recent.tokens += examples.reduce((sum, { tokens }) => sum + tokens.length, 0);
    if (done % REPORT_EVERY !== 0 && done !== steps) continue;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const meanLoss = ((recent.loss * BATCH) / recent.examples).toFixed(4);
    const right = ((100 * recent.exact) / recent.examples).toFixed(0);
    say(
      `step ${done}: loss ${meanLoss}, ${right}% of conversations exact, ${recent.tokens} tokens, ${seconds} s`,
    );
    recent = { loss: 0, exact: 0, examples: 0, tokens: 0 };
  }
}

function example(by: Tokenizer, random: () => number): Example {
  return exampleOf(by, vocabulary.ids.get(BEGIN_OF_TEXT) ?? 0, conversation(random));
}

/** Rises for some steps, then falls along half a cosine to a twentieth (Loshchilov and Hutter 2017). */
function rateAt(step: number): number {
  const left = (1 + Math.cos((Math.PI * step) / steps)) / 2;
  return RATE * Math.min(1, step / WARM_UP) * (0.05 + 0.95 * left);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name} is a whole number, not "${text}"`);
  return number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
