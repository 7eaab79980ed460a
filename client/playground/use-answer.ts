import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { ask, AskError, type Heard } from "./ask.ts";
import { type Conversation, type Facts, requestOf, type Turn } from "./conversation.ts";

type Answer = Extract<Turn, { role: "assistant" }>;

/** An answer that is being written. */
export interface Writing {
  conversation: string;
  text: string;
  thought: string;
}

export interface Answering {
  writing: Writing | null;
  /**
   * Asks for the answer to a conversation's last question; gives it, whatever came of it, once it has ended.
   * @param before what has to be done first
   */
  answer: (conversation: Conversation, before: () => Promise<void>) => Promise<Answer>;
  /** Ends it: what came until now is the answer, and nothing else is paid. */
  stop: () => void;
}

/** So often what came is shown: each time the whole answer is rendered anew. */
const SHOWN_EVERY_MS = 80;

/** One answer at a time, shown while it is written. */
export function useAnswer(): Answering {
  const [writing, setWriting] = useState<Writing | null>(null);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const answer: Answering["answer"] = async (conversation, before) => {
    const abort = new AbortController();
    stopping.current = abort;
    const draft = new Draft(conversation.settings.model);
    const show = (): void =>
      setWriting({ conversation: conversation.id, text: draft.text, thought: draft.thought });
    show();
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await before();
      await ask(requestOf(conversation), abort.signal, (heard) => {
        const isFirst = draft.text === "";
        draft.hear(heard, performance.now());
        // The first word at once, those that follow some at a time.
        if (isFirst && draft.text !== "") show();
        timer ??= setTimeout(() => {
          timer = undefined;
          show();
        }, SHOWN_EVERY_MS);
      });
      return draft.ended("finished");
    } catch (thrown) {
      if (thrown instanceof AskError || thrown instanceof ApiError) return draft.ended("failed", thrown);
      if (!abort.signal.aborted) throw thrown;
      return draft.ended("stopped");
    } finally {
      clearTimeout(timer);
      setWriting(null);
    }
  };
  return { writing, answer, stop: () => stopping.current?.abort() };
}

/** What was heard of an answer so far. */
class Draft {
  text = "";
  thought = "";
  readonly #askedAt = performance.now();
  #firstAt: number | null = null;
  #lastAt = 0;
  #pieces = 0;
  #facts: Facts;

  constructor(model: string) {
    this.#facts = {
      model,
      provider: null,
      path: "relay",
      end: "finished",
      reason: null,
      costNano: null,
      tokens: null,
      firstTokenMs: null,
      tokensPerSecond: null,
      error: null,
    };
  }

  hear(heard: Heard, now: number): void {
    switch (heard.type) {
      case "begun":
        this.#facts.provider = heard.provider;
        break;
      case "text":
      case "thought":
        this[heard.type] += heard.text;
        this.#firstAt ??= now;
        this.#lastAt = now;
        this.#pieces++;
        break;
      case "reason":
        this.#facts.reason = heard.reason;
        break;
      case "usage":
        Object.assign(this.#facts, { model: heard.model, tokens: heard.tokens, costNano: heard.costNano });
        break;
      default:
        heard satisfies never;
    }
  }

  ended(end: Facts["end"], error: AskError | ApiError | null = null): Answer {
    const seconds = this.#firstAt === null ? 0 : (this.#lastAt - this.#firstAt) / 1000;
    // The first token is where the clock begins.
    const written = (this.#facts.tokens ?? this.#pieces) - 1;
    return {
      role: "assistant",
      text: this.text,
      thought: this.thought,
      facts: {
        ...this.#facts,
        end,
        firstTokenMs: this.#firstAt === null ? null : this.#firstAt - this.#askedAt,
        tokensPerSecond: seconds > 0 && written > 0 ? written / seconds : null,
        error: error && { code: error.code, message: error.message },
      },
    };
  }
}
