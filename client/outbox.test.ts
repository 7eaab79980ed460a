import { describe, expect, it } from "vitest";
import type { Submit, SubmissionView } from "../protocol/submission.ts";
import {
  deliverAll,
  deliverWaiting,
  deliveryOf,
  entriesOf,
  putIn,
  type Entry,
  type Recipient,
  type Shelf,
} from "./outbox.ts";

const form = (problem: string): Submit => ({
  problem,
  language: "python3",
  files: [{ name: "main.py", text: "print(1)" }],
  entryPoint: null,
});
const view = (id: string): SubmissionView => ({
  id,
  problem: "sum",
  problemName: { en: "Sum" },
  contest: null,
  label: null,
  author: "Ana",
  language: "python3",
  submittedAt: 1,
  contestTimeMs: null,
  bytes: 8,
  state: "queued",
  ahead: null,
  progress: null,
  judgement: null,
});
const key = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

function memoryShelf(): Shelf {
  const kept = new Map<string, Entry>();
  return {
    all: async () => [...kept.values()].reverse(),
    put: async (entry) => void kept.set(entry.key, structuredClone(entry)),
    remove: async (one) => void kept.delete(one),
  };
}

/** A site that takes each key once, whatever gets lost on the way. */
class Site implements Recipient {
  me: string | null = "ana";
  /** What happens to the next messages; then they arrive. */
  fate: ("lost" | "answer lost" | { status: number; code: string })[] = [];
  taken = new Map<string, string>();

  async account() {
    return this.me;
  }

  async post(sent: Submit) {
    const fate = this.fate.shift();
    if (fate === "lost") throw new TypeError("Failed to fetch");
    if (typeof fate === "object") return { status: fate.status, body: { code: fate.code, message: "No." } };
    const id = sent.key ?? "";
    const repeated = this.taken.has(id);
    this.taken.set(id, sent.problem);
    if (fate === "answer lost") throw new TypeError("Failed to fetch");
    return { status: repeated ? 200 : 201, body: view(id) };
  }

  problems(): string[] {
    return [...this.taken.values()];
  }
}

async function filled(...problems: string[]): Promise<{ shelf: Shelf; site: Site }> {
  const shelf = memoryShelf();
  for (const [at, problem] of problems.entries()) await putIn(shelf, "ana", form(problem), key(at));
  return { shelf, site: new Site() };
}
const left = async (shelf: Shelf, account = "ana"): Promise<string[]> =>
  (await entriesOf(shelf, account)).map((entry) => entry.form.problem);

describe("the outbox", () => {
  it("delivers in the order of submission and is empty then", async () => {
    const { shelf, site } = await filled("a", "b", "c");
    const { sent } = await deliverAll(shelf, site, "ana");
    expect(site.problems()).toEqual(["a", "b", "c"]);
    expect(sent.map(({ id }) => id)).toEqual([key(0), key(1), key(2)]);
    expect(await left(shelf)).toEqual([]);
  });

  it("sends nothing twice when an answer is lost on the way", async () => {
    const { shelf, site } = await filled("a", "b");
    site.fate = ["answer lost"];
    await deliverAll(shelf, site, "ana");
    expect(await left(shelf)).toEqual(["a", "b"]);
    await deliverAll(shelf, site, "ana");
    expect(site.problems()).toEqual(["a", "b"]);
    expect(await left(shelf)).toEqual([]);
  });

  it("lets none overtake another while the site is away or wants fewer", async () => {
    const { shelf, site } = await filled("a", "b");
    for (const fate of [
      "lost",
      { status: 429, code: "rate_limited" },
      { status: 503, code: "queue_closed" },
    ] as const) {
      site.fate = [fate];
      await deliverAll(shelf, site, "ana");
      expect(site.problems()).toEqual([]);
      expect(await left(shelf)).toEqual(["a", "b"]);
    }
  });

  it("keeps what is refused, with the reason, and goes on with the next", async () => {
    const { shelf, site } = await filled("a", "b");
    site.fate = [{ status: 409, code: "contest_not_running" }];
    await deliverAll(shelf, site, "ana");
    expect(site.problems()).toEqual(["b"]);
    expect(await entriesOf(shelf, "ana")).toMatchObject([
      { form: { problem: "a" }, refusal: { code: "contest_not_running" } },
    ]);
    await deliverAll(shelf, site, "ana");
    expect(site.problems()).toEqual(["b"]);
  });

  it("is kept for its owner while somebody else, or nobody, is signed in", async () => {
    const { shelf, site } = await filled("a");
    for (const me of ["ben", null]) {
      site.me = me;
      await deliverAll(shelf, site, "ana");
      await deliverWaiting(shelf, site).catch(() => undefined);
      expect(site.problems()).toEqual([]);
    }
    expect(await left(shelf)).toEqual(["a"]);
    site.me = "ana";
    await deliverWaiting(shelf, site);
    expect(site.problems()).toEqual(["a"]);
  });

  it("tells a refusal to the author who looks on, and does not keep it", async () => {
    for (const fate of [
      { status: 413, code: "too_large" },
      { status: 401, code: "not_signed_in" },
    ]) {
      const { shelf, site } = await filled("a");
      await putIn(shelf, "ana", form("new"), key(9));
      site.fate = [{ status: 409, code: "contest_not_running" }, fate];
      const { watched } = await deliverAll(shelf, site, "ana", key(9));
      expect(watched).toMatchObject({ refusal: { code: fate.code } });
      expect(await left(shelf)).toEqual(["a"]);
    }
  });

  it("keeps what its author looks on while the site is away", async () => {
    const { shelf, site } = await filled("a");
    site.fate = ["lost"];
    expect((await deliverAll(shelf, site, "ana", key(0))).watched).toEqual({ type: "away" });
    expect(await left(shelf)).toEqual(["a"]);
  });

  it("asks the browser to try again as long as something waits", async () => {
    const { shelf, site } = await filled("a");
    site.fate = ["lost"];
    await expect(deliverWaiting(shelf, site)).rejects.toThrow();
    await deliverWaiting(shelf, site);
    expect(await left(shelf)).toEqual([]);
  });
});

describe("an answer to a submission", () => {
  it("that nobody of this site can have given means that the site is away", () => {
    expect(deliveryOf(200, "<html>please pay for the network</html>")).toEqual({ type: "away" });
    expect(deliveryOf(502, undefined)).toEqual({ type: "away" });
    expect(deliveryOf(201, { id: "of another version" })).toEqual({ type: "away" });
  });
});
