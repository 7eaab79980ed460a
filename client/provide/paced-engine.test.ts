import { beforeEach, describe, expect, it } from "vitest";
import type { CompletionJob } from "../../protocol/job.ts";
import { EngineError, type LanguageEngine } from "../../provider/engine.ts";
import { type ScriptedAnswer, type ScriptedEngine, scriptedEngine } from "../../provider/testing-engine.ts";
import { EngineFault } from "./engine-fault.ts";
import { pacedEngine } from "./paced-engine.ts";

const request: CompletionJob = {
  type: "completion",
  prompt: "Once",
  continuation: null,
  sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
  stop: [],
  maxTokens: 10,
  logprobs: null,
  tokenIds: false,
};

describe("an engine that works a part of the time", () => {
  let scripted: ScriptedEngine;
  let engine: LanguageEngine;
  let share: number;
  let now: number;
  let rests: number[];
  let faults: EngineFault[];

  beforeEach(() => {
    scripted = scriptedEngine();
    [share, now, rests, faults] = [0.5, 0, [], []];
    engine = pacedEngine(scripted.engine, {
      share: () => share,
      onFault: (fault) => faults.push(fault),
      now: () => now,
      async rest(ms) {
        rests.push(ms);
        now += ms;
      },
    });
  });

  const begun = async (onPiece: () => Promise<void> | void = () => undefined) => {
    const prepared = await engine.prepare(request);
    const ending = prepared.write(onPiece, new AbortController().signal);
    const answer: ScriptedAnswer | undefined = scripted.answers.at(-1);
    if (answer === undefined) throw new Error("nothing was begun");
    return { answer, ending };
  };
  const write = async (answer: ScriptedAnswer, workMs: number): Promise<void> => {
    now += workMs;
    await answer.write("a");
  };

  it("rests after each piece as long as it has worked for it, the prompt included", async () => {
    const { answer, ending } = await begun();
    await write(answer, 1_000);
    await write(answer, 50);
    expect(rests).toEqual([1_000, 50]);
    answer.finish();
    expect(await ending).toMatchObject({ reason: "stop" });
  });

  it("does not count as work how long its reader takes", async () => {
    const { answer } = await begun(async () => void (now += 10_000));
    await write(answer, 100);
    await write(answer, 100);
    expect(rests).toEqual([100, 100]);
  });

  it("rests by another share from the next piece on, and never where it may work all of the time", async () => {
    const { answer } = await begun();
    await write(answer, 100);
    share = 0.25;
    await write(answer, 100);
    share = 1;
    await write(answer, 100);
    expect(rests).toEqual([100, 300]);
  });

  it("rests in the next answer what it could not in the one before", async () => {
    const first = await begun();
    await write(first.answer, 3_000);
    first.answer.finish();
    await first.ending;
    const second = await begun();
    await write(second.answer, 100);
    expect(rests).toEqual([2_000, 1_100]);
  });

  it("tells of a fault after which it can't go on, and fails its job in the words of the link", async () => {
    const { answer, ending } = await begun();
    answer.fail(new EngineFault("device_lost", "the device is gone"));
    await expect(ending).rejects.toMatchObject({ reason: "engine", message: "the device is gone" });
    expect(faults.map(({ code }) => code)).toEqual(["device_lost"]);
  });

  it("fails one job where only that went wrong", async () => {
    const { answer, ending } = await begun();
    answer.fail(new EngineError("engine", "that was too much"));
    await expect(ending).rejects.toThrow("that was too much");
    scripted.refusal = new EngineError("too_long", "the prompt is too long");
    await expect(engine.prepare(request)).rejects.toMatchObject({ reason: "too_long" });
    expect(faults).toEqual([]);
  });
});
