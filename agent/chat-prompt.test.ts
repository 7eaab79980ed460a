import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChatMessage } from "../protocol/chat-message.ts";
import { seededRandom } from "../rules/seeded-random.ts";
import { promptRenderer } from "./chat-prompt.ts";
import { type Llama, type LlamaModel, loadLlama } from "./llama-package.ts";
import { exampleOf } from "./model/chat.ts";
import { conversation } from "./model/corpus.ts";
import { corpusVocabulary } from "./model/corpus-vocabulary.ts";
import { BEGIN_OF_TEXT, openTokenizer } from "./model/vocabulary.ts";
import { tinyModel, whyNoLlama } from "./testing.ts";

const skipped = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;

describe.skipIf(whyNoLlama !== null)(`prompts of our model${skipped}`, { timeout: 60_000 }, () => {
  let llama: Llama;
  let model: LlamaModel;
  beforeAll(async () => {
    const { getLlama } = await loadLlama();
    llama = await getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      logLevel: "error",
      maxThreads: 1,
    });
    model = await llama.loadModel({ modelPath: tinyModel });
  }, 120_000);
  afterAll(() => llama.dispose());

  it("are the tokens that it was trained on, wherever an answer is gone on with", async () => {
    const render = await promptRenderer(model);
    const vocabulary = corpusVocabulary(1024);
    const tokenizer = openTokenizer(vocabulary);
    const begin = vocabulary.ids.get(BEGIN_OF_TEXT) ?? -1;
    const random = seededRandom(9);
    for (const turns of Array.from({ length: 200 }, () => conversation(random))) {
      const { tokens, learn } = exampleOf(tokenizer, begin, turns);
      // An example ends with the mark of the turn's end and a line's.
      const all = [...tokens].slice(0, -2);
      const answered = tokenizer.encode(turns.at(-1)?.content ?? "");
      const cut = Math.floor(random() * (answered.length + 1));
      const continuation = tokenizer.decode(answered.slice(0, cut));
      // Half a character can't be said in text.
      if (continuation.includes("\uFFFD")) continue;
      const prompt = render({ messages: turns.slice(0, -1), continuation });
      expect(prompt).toEqual({ tokens: all.slice(0, all.length - answered.length + cut), answered: cut });
      expect(learn.at(-2)).toBe(1);
    }
  });
});

/** A model whose tokens are the characters' codes, and whose texts begin with 1. */
function spellingModel(template: string | undefined, shouldPrependBosToken = true): LlamaModel {
  return {
    tokens: { bos: 1, bosString: "<s>", eosString: "</s>", shouldPrependBosToken },
    gpuLayers: 0,
    fileInfo: {
      metadata: { general: {}, tokenizer: { chat_template: template } },
      architectureMetadata: {},
    },
    fileInsights: { hasEncoder: false, hasDecoder: true },
    trainContextSize: 1_000,
    tokenize: (text) => [...text].map((character) => character.codePointAt(0) ?? 0),
    detokenize: (tokens) => String.fromCodePoint(...tokens),
    isEogToken: () => false,
    createContext: () => Promise.reject(new Error("nothing is written here")),
    createEmbeddingContext: () => Promise.reject(new Error("no vectors are made here")),
  };
}

const codes = (text: string): number[] => [...text].map((character) => character.codePointAt(0) ?? 0);
const hi: ChatMessage[] = [{ role: "user", content: "hi" }];

describe.skipIf(whyNoLlama !== null)(`a prompt by a chat template${skipped}`, () => {
  it("begins with one token for the beginning, whether the template writes it or not", async () => {
    for (const template of ["{{ bos_token }}{{ messages[0].content }}", "{{ messages[0].content }}"]) {
      const render = await promptRenderer(spellingModel(template));
      expect(render({ messages: hi, continuation: null }).tokens).toEqual([1, ...codes("hi")]);
    }
  });

  it("has what the template writes where the model wants nothing in front", async () => {
    const render = await promptRenderer(spellingModel("{{ bos_token }}{{ messages[0].content }}", false));
    expect(render({ messages: hi, continuation: null }).tokens).toEqual(codes("<s>hi"));
  });

  it("joins parts, calls a developer system, and lets a refusal stand for an answer", async () => {
    const template = "{% for m in messages %}{{ m.role }}={{ m.content }};{% endfor %}";
    const render = await promptRenderer(spellingModel(template, false));
    const messages: ChatMessage[] = [
      { role: "developer", content: "be brief" },
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", refusal: "no" },
    ];
    const { tokens } = render({ messages, continuation: null });
    expect(String.fromCodePoint(...tokens)).toBe("system=be brief;user=ab;assistant=no;");
  });

  it("says what a template says that refuses the messages", async () => {
    const render = await promptRenderer(spellingModel("{{ raise_exception('only users may speak') }}"));
    expect(() => render({ messages: hi, continuation: null })).toThrow(/only users may speak/);
  });

  it("is refused for a model without a template", async () => {
    await expect(promptRenderer(spellingModel(undefined))).rejects.toThrow(/no chat template/);
  });
});
