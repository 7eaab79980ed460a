import { beforeAll, describe, expect, it } from "vitest";
import { recordJob } from "./market-testing.ts";
import { type PartRecord, saveParts } from "./objects/job-rows.ts";
import { accountOf, bindings, newProvider, signedUp } from "./testing.ts";

let owner: string;
let consumer: string;

beforeAll(async () => {
  const provider = await signedUp();
  owner = await accountOf(provider);
  consumer = await accountOf(await signedUp());
  for (const id of ["save-first", "save-second"]) await newProvider(provider, id);
});

const partBy = (provider: string): PartRecord => ({
  provider,
  owner,
  prices: { prompt: 1_000, cachedPrompt: 1_000, completion: 2_000 },
  beganAt: 1_000,
  deliveredTokens: 0,
  deliveredBytes: 0,
  claimed: null,
  outcome: null,
  pace: null,
  saved: null,
});

const openJob = (id: string): Promise<unknown> => recordJob({ id, consumer, at: 1_000 });

const written = async (job: string): Promise<unknown[]> => {
  const rows = bindings.DB.prepare(
    `SELECT provider, delivered_tokens AS tokens, delivered_bytes AS bytes, claimed_prompt_tokens AS prompt, outcome
     FROM job_parts WHERE job = ? ORDER BY part`,
  );
  return (await rows.bind(job).all()).results;
};

describe("what was delivered of a job", () => {
  it("is written down again and again, with whatever else is known by then", async () => {
    await openJob("save-grows");
    const [first, second] = [partBy("save-first"), partBy("save-second")];
    const save = (...parts: PartRecord[]) =>
      saveParts(bindings, [{ job: "save-grows", parts, reasons: null }], []);

    Object.assign(first, { deliveredTokens: 3, deliveredBytes: 9 });
    await save(first);
    const row = { provider: "save-first", tokens: 3, bytes: 9, prompt: null, outcome: null };
    expect(await written("save-grows")).toEqual([row]);

    Object.assign(first, { deliveredTokens: 5, deliveredBytes: 15 });
    await save(first);
    expect(await written("save-grows")).toEqual([{ ...row, tokens: 5, bytes: 15 }]);

    first.claimed = { promptTokens: 7, cachedPromptTokens: 0, completionTokens: null };
    await save(first);
    first.outcome = "lost";
    second.deliveredTokens = 1;
    await save(first, second);
    expect(await written("save-grows")).toEqual([
      { ...row, tokens: 5, bytes: 15, prompt: 7, outcome: "lost" },
      { ...row, provider: "save-second", tokens: 1, bytes: 0 },
    ]);
  });

  it("changes nothing any more once the job has ended", async () => {
    await openJob("save-late");
    const part = { ...partBy("save-first"), deliveredTokens: 2 };
    const save = () => saveParts(bindings, [{ job: "save-late", parts: [part], reasons: null }], []);
    await save();
    await bindings.DB.prepare(
      "UPDATE jobs SET ended_at = 2000, ended = 'finished' WHERE id = 'save-late'",
    ).run();
    const before = await written("save-late");
    part.deliveredTokens = 9;
    await save();
    expect(await written("save-late")).toEqual(before);
  });

  it("of many jobs is written together", async () => {
    const jobs = Array.from({ length: 20 }, (_, index) => ({
      job: `save-many-${index}`,
      parts: [{ ...partBy("save-first"), deliveredTokens: index }],
      reasons: null,
    }));
    for (const { job } of jobs) await openJob(job);
    await saveParts(bindings, jobs, []);
    for (const part of jobs.flatMap(({ parts }) => parts)) part.deliveredTokens += 100;
    await saveParts(bindings, jobs, []);
    expect((await Promise.all(jobs.map(({ job }) => written(job)))).flat()).toEqual(
      jobs.map((_, index) => expect.objectContaining({ tokens: 100 + index })),
    );
  });
});

describe("why a job's first provider was chosen", () => {
  const reasonsOf = async (job: string): Promise<unknown> =>
    bindings.DB.prepare("SELECT reasons FROM jobs WHERE id = ?").bind(job).first("reasons");

  it("is written down with the first part's row, however many jobs there are, and never again", async () => {
    const jobs = Array.from({ length: 250 }, (_, index) => ({
      job: `save-why-${index}`,
      parts: [partBy("save-first")],
      reasons: `{"of":${index}}`,
    }));
    await Promise.all(jobs.map(({ job }) => openJob(job)));
    await saveParts(bindings, jobs, []);
    for (const [index, one] of jobs.entries()) {
      expect(await reasonsOf(one.job)).toBe(`{"of":${index}}`);
      Object.assign(one, {
        reasons: "another",
        parts: one.parts.map((part) => ({ ...part, outcome: "lost" })),
      });
    }
    await saveParts(bindings, jobs, []);
    expect(await reasonsOf("save-why-7")).toBe('{"of":7}');
  });

  it("is null where nobody knows it any more", async () => {
    await openJob("save-why-none");
    await saveParts(bindings, [{ job: "save-why-none", parts: [partBy("save-first")], reasons: null }], []);
    expect(await reasonsOf("save-why-none")).toBeNull();
  });
});
