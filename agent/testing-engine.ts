import { EngineError, type Ending, type LanguageEngine, type Piece } from "../provider/engine.ts";

/** An engine whose answers are in the test's hands, a piece at a time. */
export interface ScriptedEngine {
  engine: LanguageEngine;
  /** One for each answer that was begun, in their order. */
  answers: ScriptedAnswer[];
  /** What the next request is refused with. */
  refusal: EngineError | null;
  /** Whether answers go on although they were cancelled, until the test ends them. */
  deaf: boolean;
  closed: boolean;
}

export interface ScriptedAnswer {
  /** What was asked for. */
  request: Parameters<LanguageEngine["prepare"]>[0];
  aborted: boolean;
  /** How many pieces were wanted. */
  pieces: number;
  /** Writes some more; resolves when the next is wanted. */
  write(piece: string | Piece): Promise<void>;
  finish(reason?: Ending["reason"]): void;
  fail(error: Error): void;
}

/** An engine that writes what a test says, and ends at once when it is told to. */
export function scriptedEngine(slots = 2): ScriptedEngine {
  const answers: ScriptedAnswer[] = [];
  const scripted: ScriptedEngine = {
    answers,
    refusal: null,
    deaf: false,
    closed: false,
    engine: {
      facts: {
        artifact: { sha256: null, quantisation: null, bytes: null },
        engine: { name: "scripted", build: "1" },
        tasks: ["chat"],
        contextTokens: 1_000,
        slots,
        features: [],
        tokensPerSecond: null,
      },
      async prepare(request) {
        const { refusal } = scripted;
        scripted.refusal = null;
        if (refusal !== null) throw refusal;
        return {
          promptTokens: 7,
          write: (onPiece, signal) =>
            new Promise((resolve, reject) => {
              const answer: ScriptedAnswer = {
                request,
                aborted: signal.aborted,
                pieces: 0,
                async write(piece) {
                  answer.pieces++;
                  await onPiece(typeof piece === "string" ? { text: piece, tokenCount: 1 } : piece);
                },
                finish: (reason = "stop") => resolve(ending(reason)),
                fail: reject,
              };
              const ending = (reason: Ending["reason"]): Ending => ({
                reason,
                usage: { promptTokens: 7, cachedPromptTokens: 0, completionTokens: answer.pieces },
                timings: null,
              });
              const abort = (): void => {
                answer.aborted = true;
                if (!scripted.deaf) resolve(ending("cancelled"));
              };
              if (signal.aborted) abort();
              signal.addEventListener("abort", abort);
              answers.push(answer);
            }),
        };
      },
      async close() {
        scripted.closed = true;
      },
    },
  };
  return scripted;
}
