import { describe, expect, it } from "vitest";
import { parseCompletionRequest } from "./completions.ts";

const once = { model: "m", prompt: "Once upon" };

const parsed = (more: object) => {
  const read = parseCompletionRequest({ ...once, ...more });
  if (!read.ok) throw new Error(read.message);
  return read.request;
};

const refused = (more: object) => {
  const read = parseCompletionRequest({ ...once, ...more });
  return read.ok ? null : [read.param, read.message];
};

describe("a request to go on with a text", () => {
  it("has the official defaults", () => {
    expect(parsed({})).toEqual({
      model: "m",
      prompts: ["Once upon"],
      max_tokens: 16,
      stream: false,
      temperature: 1,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      stop: [],
      echo: false,
    });
  });

  it("has its text as a list, however it came, and an empty text is one", () => {
    expect(parsed({ prompt: ["Once upon"] })).toEqual(parsed({}));
    expect(parsed({ prompt: "" }).prompts).toEqual([""]);
  });

  it("may have null for what is not said", () => {
    const nothing = { suffix: null, max_tokens: null, n: null, best_of: null, logprobs: null, echo: null };
    expect(parsed({ ...nothing, stop: null, seed: null, stream_options: null, user: null })).toEqual(
      parsed({}),
    );
  });

  it.each<[object, param: string, message: RegExp]>([
    [{ prompt: [1, 2, 3] }, "prompt", /^prompt: must be text.* lists of token ids are not served\.$/],
    [{ prompt: [[1, 2], [3]] }, "prompt", /token ids/],
    [{ prompt: ["a", 1] }, "prompt[1]", /must be a string/],
    [{ prompt: [] }, "prompt", /at least one/],
    [{ prompt: null }, "prompt", /must be a string or a list of strings/],
    [{ prompt: undefined }, "prompt", /./],
    [{ suffix: " end" }, "suffix", /is not served: models here write what comes after a text/],
    [{ max_tokens: 0 }, "max_tokens", /from 1 to/],
    [{ logprobs: 6 }, "logprobs", /from 0 to 5/],
    [{ logprobs: true }, "logprobs", /must be a whole number/],
    [{ n: 9 }, "n", /from 1 to 8/],
    [{ prompt: Array(17).fill("a") }, "prompt", /at most 16/],
    [{ prompt: Array(6).fill("a"), n: 3 }, "n", /more than 16 answers in all/],
    [{ best_of: 3 }, "best_of", /must be the same as n/],
    [{ best_of: 3, n: 2 }, "best_of", /must be the same as n/],
    [{ echo: true, logprobs: 1 }, "echo", /can't be true beside logprobs/],
    [{ stream_options: {} }, "stream_options", /only allowed where stream is true/],
    [{ messages: [] }, "messages", /here it is prompt/],
    [{ max_completion_tokens: 5 }, "max_completion_tokens", /here it is max_tokens/],
    [{ response_format: { type: "text" } }, "response_format", /by \/v1\/chat\/completions only/],
  ])("is refused by the field at fault: %j", (more, param, message) => {
    expect(refused(more)).toEqual([param, expect.stringMatching(message)]);
  });

  it("may say how many are drawn of which the best is told, where that is all of them", () => {
    expect(refused({ best_of: 1 })).toBeNull();
    expect(refused({ best_of: 3, n: 3 })).toBeNull();
  });

  it("may ask for 16 answers in all", () => {
    expect(refused({ prompt: Array(16).fill("a") })).toBeNull();
    expect(refused({ prompt: ["a", "b"], n: 8 })).toBeNull();
  });
});
