import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  readDraft,
  readLanguage,
  readLastProblem,
  type Draft,
  writeDraft,
  writeLanguage,
  writeLastProblem,
} from "./drafts.ts";

const ana = { owner: "ana", problem: "sum" };
const stranger = { owner: null, problem: "sum" };
const draft = (text: string) => ({ files: [{ name: "main.cpp", text }], entryPoint: null, savedAt: 1 });
const textOf = (found: Draft | null) => found?.files[0]?.text;

/** A browser's storage, with room for a few hundred characters. */
function stubStorage(): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > 500) throw new Error("QuotaExceededError");
      kept.set(key, value);
    },
  });
  return kept;
}

let kept: Map<string, string>;
beforeEach(() => {
  kept = stubStorage();
});

describe("drafts", () => {
  it("are kept per account, problem and language", () => {
    writeDraft(ana, "cpp", draft("c++ of ana"));
    expect(textOf(readDraft(ana, "cpp"))).toBe("c++ of ana");
    expect(readDraft(ana, "python3")).toBeNull();
    expect(readDraft({ ...ana, problem: "other" }, "cpp")).toBeNull();
    expect(readDraft({ ...ana, owner: "bo" }, "cpp")).toBeNull();
  });

  it("written before signing in are found after it, until replaced", () => {
    writeDraft(stranger, "cpp", draft("before"));
    expect(textOf(readDraft(ana, "cpp"))).toBe("before");
    writeDraft(ana, "cpp", draft("after"));
    expect(textOf(readDraft(ana, "cpp"))).toBe("after");
    expect(textOf(readDraft(stranger, "cpp"))).toBe("before");
  });

  it("say so when the browser does not keep them", () => {
    expect(writeDraft(ana, "cpp", draft("short"))).toBe(true);
    expect(writeDraft(ana, "cpp", draft("x".repeat(600)))).toBe(false);
    expect(textOf(readDraft(ana, "cpp"))).toBe("short");
  });

  it("keep several files, and where the program starts", () => {
    const several = {
      files: ["a.py", "b.py"].map((name) => ({ name, text: name })),
      entryPoint: "b.py",
      savedAt: 2,
    };
    writeDraft(ana, "python3", several);
    expect(readDraft(ana, "python3")).toEqual(several);
  });

  it("of the time when a submission had one file are found", () => {
    kept.set("draft/ana/sum/cpp", '{"source": "old", "savedAt": 3}');
    expect(readDraft(ana, "cpp")).toEqual({
      files: [{ name: "main.cpp", text: "old" }],
      entryPoint: null,
      savedAt: 3,
    });
  });

  it("that somebody else wrote into the storage are not taken for drafts", () => {
    kept.set("draft/ana/sum/cpp", "not json");
    expect(readDraft(ana, "cpp")).toBeNull();
    kept.set("draft/ana/sum/cpp", '{"source": 3}');
    expect(readDraft(ana, "cpp")).toBeNull();
  });
});

describe("the language of a problem", () => {
  it("is the one last used for it, then the one last used at all", () => {
    writeLanguage(ana, "java");
    writeLanguage({ ...ana, problem: "other" }, "cpp");
    expect(readLanguage(ana, ["cpp", "java"], [])).toBe("java");
    expect(readLanguage({ ...ana, problem: "third" }, ["c", "cpp"], [])).toBe("cpp");
  });

  it("is at first one that runs here, if the problem allows it", () => {
    expect(readLanguage(ana, ["c", "javascript", "python3"], ["python3", "javascript"])).toBe("python3");
    expect(readLanguage(ana, ["c", "cpp"], ["python3"])).toBe("c");
    expect(readLanguage(ana, [], ["python3"])).toBeNull();
  });

  it("is never one that the problem forbids", () => {
    writeLanguage(ana, "python3");
    expect(readLanguage(ana, ["cpp"], [])).toBe("cpp");
  });
});

describe("the last problem", () => {
  it("is found again, and is nothing at first", () => {
    expect(readLastProblem()).toBeNull();
    writeLastProblem({ path: "/problems/sum", name: { en: "Sum" } });
    expect(readLastProblem()).toEqual({ path: "/problems/sum", name: { en: "Sum" } });
  });
});
