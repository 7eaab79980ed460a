/**
 * What is used of the packages node-llama-cpp and @huggingface/jinja, as they have it. They are installed in this folder
 * only, by who serves models; so they are loaded when needed, and everything else here works, and is checked, without.
 */
export interface LlamaPackage {
  getLlama(options: {
    gpu: "auto" | false;
    build: "never";
    skipDownload: boolean;
    logLevel: string;
    maxThreads?: number;
  }): Promise<Llama>;
  TokenBias: { for(model: LlamaModel): TokenBias };
  getModuleVersion(): Promise<string>;
  /** From the number in a file to a name like MOSTLY_Q4_K_M. */
  GgufFileType: Readonly<Record<number, string>>;
}

export interface Llama {
  readonly gpu: string | false;
  readonly llamaCppRelease: { readonly release: string };
  loadModel(options: { modelPath: string }): Promise<LlamaModel>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  /** How many of its layers are in a graphics card's memory. */
  readonly gpuLayers: number;
  readonly tokens: {
    readonly bos: number | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
    readonly shouldPrependBosToken: boolean;
  };
  readonly fileInfo: {
    readonly metadata: {
      readonly general: { readonly file_type?: number | undefined };
      readonly tokenizer: { readonly chat_template?: string | undefined };
    };
    /** Of the model's own architecture. */
    readonly architectureMetadata: {
      /** How the vectors of tokens become that of a text, in models made for it; -1 and 0 for not at all, 4 in those that rank. */
      readonly pooling_type?: number | undefined;
      /** False in models whose tokens look at those after them too. */
      readonly attention?: { readonly causal?: boolean | undefined } | undefined;
    };
  };
  /** T5 has both, and a file may have the first alone. */
  readonly fileInsights: { readonly hasEncoder: boolean; readonly hasDecoder: boolean };
  /** Tokens of the longest text that it was trained with. */
  readonly trainContextSize: number;
  tokenize(text: string, specialTokens?: boolean, options?: "trimLeadingSpace"): number[];
  detokenize(tokens: readonly number[], specialTokens?: boolean, lastTokens?: readonly number[]): string;
  isEogToken(token: number): boolean;
  createContext(options: { sequences: number; contextSize?: number }): Promise<LlamaContext>;
  /** Its texts are worked on one after the other. */
  createEmbeddingContext(options: { contextSize: number; batchSize: number }): Promise<LlamaEmbeddingContext>;
}

export interface LlamaEmbeddingContext {
  /** Of the tokens, with those that the model wants around a text. It must be less than the context's size. */
  calculateInputLength(tokens: number[]): number;
  getEmbeddingFor(tokens: number[]): Promise<{ readonly vector: readonly number[] }>;
  dispose(): Promise<void>;
}

export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
}

/** One of the conversations that a context holds, each in its own part of the memory. */
export interface LlamaSequence {
  /** How many tokens it has read. */
  readonly nextTokenIndex: number;
  readonly contextTokens: number[];
  /** Forgets what it read from the first token on that differs. */
  adaptStateToTokens(tokens: number[], allowShift: false): Promise<void>;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void>;
  controlledEvaluate(
    input: [token: number, options: { generateNext: GenerateNext }][],
  ): Promise<({ next: GeneratedNext } | undefined)[]>;
}

export interface GenerateNext {
  token?: boolean;
  /** After the options. `tokens` without `includeTop` gives the largest logit for each of them (3.22.1). */
  logits?: { filter: { tokens: readonly number[]; includeTop: number; includeSelected?: boolean } };
  /** The sum of exp(logit - largest logit). */
  totalLogitWeight?: boolean;
  options?: SamplerOptions;
}

export interface SamplerOptions {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  seed: number;
  repeatPenalty?: {
    punishTokens: number[];
    penalty: number;
    frequencyPenalty: number;
    presencePenalty: number;
  };
  tokenBias?: TokenBias;
}

export interface TokenBias {
  /** The end of an answer is left alone (3.22.1). */
  set(token: number, bias: { logit: number }): TokenBias;
}

export interface GeneratedNext {
  token?: number | null;
  /** The largest first. */
  logits?: Map<number, number>;
  totalLogitWeight?: number;
}

export interface JinjaPackage {
  Template: new (template: string) => { render(values: Record<string, unknown>): string };
}

export const loadLlama = (): Promise<LlamaPackage> => load<LlamaPackage>("node-llama-cpp");
export const loadJinja = (): Promise<JinjaPackage> => load<JinjaPackage>("@huggingface/jinja");

async function load<T>(name: string): Promise<T> {
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(
      `${name} is not installed; in the agent's folder, run: npm ci --ignore-scripts --omit=optional`,
      { cause },
    );
  }
}
