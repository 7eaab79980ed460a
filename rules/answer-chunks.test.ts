import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletion, ChatCompletionChunk } from "../protocol/chat-completion.ts";
import {
  type AnswerHead,
  type AnswerPiece,
  chunksOf,
  completionOf,
  emptyAnswer,
  finishChunk,
  gather,
  pieceChunk,
  roleChunk,
  usageChunk,
  usageOf,
} from "./answer-chunks.ts";

const head: AnswerHead = {
  job: "0123456789abcdef",
  created: 1_700_000_000,
  model: "tiny",
  includesUsage: true,
};
const usage = usageOf({ promptTokens: 7, cachedPromptTokens: 3, completionTokens: 5 }, 1_234);

const logprob = { token: "a", bytes: [97], logprob: -0.5, top_logprobs: [] };

const pieces: AnswerPiece[] = [
  { text: "Hel" },
  { text: "", reasoning: "well" },
  { text: "lo", logprobs: [logprob] },
  { text: "", toolCalls: [{ index: 0, name: "add", arguments: '{"a"' }] },
  {
    text: "",
    toolCalls: [
      { index: 0, arguments: ":1}" },
      { index: 2, name: "sub", arguments: "{}" },
    ],
  },
];

const gathered = () => {
  const answer = emptyAnswer();
  for (const piece of pieces) gather(answer, piece);
  return answer;
};

describe("the chunks of an answer", () => {
  it("are those of the official schema, whatever they tell", () => {
    const begun = new Set<number>();
    const told = pieces.map((piece) => {
      const chunk = pieceChunk(head, piece, begun);
      for (const { index } of piece.toolCalls ?? []) begun.add(index);
      return chunk;
    });
    const all = [roleChunk(head), ...told, finishChunk(head, "tool_calls"), usageChunk(head, usage)];
    for (const chunk of all) expect(v.parse(ChatCompletionChunk, chunk)).toEqual(chunk);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(["chatcmpl-0123456789abcdef"]));
  });

  it("name a tool call once, with its id, and then only go on with its arguments", () => {
    const [first] = pieceChunk(head, pieces[3] ?? { text: "" }, new Set()).choices;
    const [next] = pieceChunk(head, pieces[4] ?? { text: "" }, new Set([0])).choices;
    expect(first?.delta.tool_calls).toEqual([
      {
        index: 0,
        id: "call_0123456789abcdef_0",
        type: "function",
        function: { name: "add", arguments: '{"a"' },
      },
    ]);
    expect(next?.delta.tool_calls).toEqual([
      { index: 0, function: { arguments: ":1}" } },
      {
        index: 2,
        id: "call_0123456789abcdef_2",
        type: "function",
        function: { name: "sub", arguments: "{}" },
      },
    ]);
  });

  it("have no usage at all where it was not asked for", () => {
    expect(roleChunk({ ...head, includesUsage: false })).not.toHaveProperty("usage");
    expect(roleChunk(head).usage).toBeNull();
  });
});

describe("a whole answer", () => {
  it("has all that its pieces told", () => {
    const completion = completionOf(head, gathered(), true, "tool_calls", usage);
    expect(v.parse(ChatCompletion, completion)).toEqual(completion);
    expect(completion.choices[0]).toMatchObject({
      message: {
        content: "Hello",
        reasoning_content: "well",
        tool_calls: [{ function: { name: "add", arguments: '{"a":1}' } }, { function: { name: "sub" } }],
      },
      logprobs: { content: [logprob] },
      finish_reason: "tool_calls",
    });
  });

  it("has no content where it has tool calls alone, and an empty one where it has nothing", () => {
    const calls = { ...emptyAnswer(), toolCalls: [{ name: "add", arguments: "{}" }] };
    expect(completionOf(head, calls, false, "tool_calls", usage).choices[0].message.content).toBeNull();
    expect(completionOf(head, emptyAnswer(), false, "stop", usage).choices[0].message.content).toBe("");
  });

  it("can be told again as a stream, which says the same", () => {
    const completion = completionOf(head, gathered(), true, "tool_calls", usage);
    const chunks = chunksOf(completion, true).map((chunk) => v.parse(ChatCompletionChunk, chunk));
    const again = emptyAnswer();
    for (const { choices } of chunks) {
      const [choice] = choices;
      if (!choice) continue;
      const { content, reasoning_content: reasoning, tool_calls: calls } = choice.delta;
      gather(again, {
        text: content ?? "",
        ...(reasoning === undefined ? {} : { reasoning }),
        ...(calls === undefined
          ? {}
          : {
              toolCalls: calls.map(({ index, function: called }) => ({
                index,
                ...(called?.name === undefined ? {} : { name: called.name }),
                arguments: called?.arguments ?? "",
              })),
            }),
        ...(choice.logprobs?.content ? { logprobs: choice.logprobs.content } : {}),
      });
    }
    expect(completionOf(head, again, true, "tool_calls", usage)).toEqual(completion);
    expect(chunks.at(-1)?.usage).toEqual(usage);
    expect(chunksOf(completion, false).at(-1)?.choices[0]?.finish_reason).toBe("tool_calls");
  });
});

describe("usage", () => {
  it("tells the cost as credits and exactly", () => {
    expect(usage).toMatchObject({ total_tokens: 12, cost: 0.000_001_234, cost_nano: "1234" });
  });
});
