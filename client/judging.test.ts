import { describe, expect, it } from "vitest";
import type { JudgingStatus } from "../protocol/submission.ts";
import { isMissing, judgingObstacle, versionsOf } from "./judging.ts";

type Judge = JudgingStatus["judges"][number];

const judge = (more: Partial<Judge> = {}): Judge => ({
  name: "lab",
  slots: 1,
  level: "full",
  reason: "",
  languages: [{ id: "cpp", version: "g++ 14.2.0" }],
  ...more,
});
const status = (...judges: Judge[]): JudgingStatus => ({ judges, waiting: 0, closed: null });

describe("the versions of a language", () => {
  it("are told once each, and only of judges that judge", () => {
    const old = judge({ languages: [{ id: "cpp", version: "g++ 13.3.0" }] });
    const idle = judge({ slots: 0, languages: [{ id: "cpp", version: "g++ 4.8" }] });
    expect(versionsOf(status(judge(), judge(), old, idle), "cpp")).toEqual(["g++ 14.2.0", "g++ 13.3.0"]);
  });
});

describe("a language", () => {
  it("is missing when judges judge, and none of them has it", () => {
    expect(isMissing(status(judge()), "haskell")).toBe(true);
    expect(isMissing(status(judge()), "cpp")).toBe(false);
  });

  it("is not called missing while nothing is known of any judge", () => {
    expect(isMissing(null, "haskell")).toBe(false);
    expect(isMissing(status(), "haskell")).toBe(false);
    expect(isMissing(status(judge({ slots: 0 })), "haskell")).toBe(false);
  });
});

describe("what keeps a submission from being judged", () => {
  it("is nothing when a judge has its language, and for answers, which need none", () => {
    expect(judgingObstacle(status(judge()), "cpp")).toBeNull();
    expect(judgingObstacle(status(judge()), "answers")).toBeNull();
  });

  it("is the closed queue before all else, then that nobody judges, then the language", () => {
    // Without a page there are no texts, so that a text's key stands for it.
    expect(judgingObstacle({ ...status(), closed: "Power cut" }, "cpp")).toBe("judging.closed");
    expect(judgingObstacle(status(), "cpp")).toBe("judging.none");
    expect(judgingObstacle(status(judge({ slots: 0, reason: "no cgroup" })), "cpp")).toBe("judging.waits");
    expect(judgingObstacle(status(judge()), "haskell")).toBe("judging.language");
  });
});
