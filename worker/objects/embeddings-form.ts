import type { ChatCompletion } from "../../protocol/chat-completion.ts";
import type { EmbeddingsRequest, EmbeddingsUsage } from "../../protocol/embeddings.ts";
import type { AnswerHead, AnswerPiece } from "../../rules/answer-chunks.ts";
import { floatsOf } from "../../rules/vectors.ts";
import type { WholeForm } from "./answer-form.ts";

/** So long is a piece of the answer's text at least, in characters: little to have in memory, much for one write. */
const PIECE = 64 * 1024;

/** /v1/embeddings */
export class EmbeddingsForm implements WholeForm {
  readonly #head: AnswerHead;
  readonly #isBase64: boolean;
  /** In base64, in the order of their texts. */
  #vectors: readonly string[] = [];

  constructor(head: AnswerHead, { encoding_format: format }: Pick<EmbeddingsRequest, "encoding_format">) {
    this.#head = head;
    this.#isBase64 = format === "base64";
  }

  gather({ vectors = [] }: AnswerPiece): void {
    this.#vectors = vectors;
  }

  startOver(): void {
    this.#vectors = [];
  }

  /** In pieces, since all of it may be many times what the vectors are. */
  *whole({ usage }: ChatCompletion): Generator<string> {
    let text = '{"object":"list","data":[';
    for (const [index, values] of this.#vectors.entries()) {
      // All are finite, so that this is JSON, made in half the time.
      const embedding = this.#isBase64 ? JSON.stringify(values) : `[${floatsOf(values).join()}]`;
      text += `${index === 0 ? "" : ","}{"object":"embedding","index":${index},"embedding":${embedding}}`;
      if (text.length < PIECE) continue;
      yield text;
      text = "";
    }
    const { prompt_tokens: tokens, cost, cost_nano: nano } = usage;
    const used: EmbeddingsUsage = { prompt_tokens: tokens, total_tokens: tokens, cost, cost_nano: nano };
    yield `${text}],"model":${JSON.stringify(this.#head.model)},"usage":${JSON.stringify(used)}}`;
  }
}
