import { describe, expect, it } from "vitest";
import { openAIError } from "../../protocol/openai-error.ts";
import { checkStream, type StreamWishes } from "./stream-check.ts";

const head = { id: "chatcmpl-12345678", object: "chat.completion.chunk", created: 1_700_000_000, model: "m" };
const usage = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 0 },
  cost: 0.000000005,
  cost_nano: "5",
};

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});
const role = chunk({ role: "assistant", content: "" });
const said = (content: string) => chunk({ content });
const stop = chunk({}, "stop");
const error = openAIError("provider_failed", "Nobody could go on.");

type Line = object | string;
/** Objects are events, texts stand as they are. */
const bytesOf = (lines: readonly Line[]): Uint8Array =>
  new TextEncoder().encode(
    lines.map((line) => (typeof line === "string" ? line : `data: ${JSON.stringify(line)}\n\n`)).join(""),
  );
const DONE = "data: [DONE]\n\n";
const check = (lines: readonly Line[], wishes: StreamWishes = { includeUsage: false }) =>
  checkStream(bytesOf(lines), wishes);
/** As the official API does it when the usage is asked for. */
const withUsage = (lines: readonly object[]): object[] => lines.map((line) => ({ usage: null, ...line }));
const asked: StreamWishes = { includeUsage: true };

describe("a stream that obeys the rules", () => {
  it("has its text, its reason and no faults", () => {
    const report = check([role, said("Hello"), said(" you 漢字"), stop, DONE]);
    expect(report).toMatchObject({
      faults: [],
      end: "done",
      id: head.id,
      model: "m",
      text: "Hello you 漢字",
      finishReason: "stop",
      usage: null,
      chunks: 4,
    });
  });

  it("has its usage at the end when that was asked for", () => {
    const lines = [...withUsage([role, said("a"), stop]), { ...head, choices: [], usage }];
    expect(check([...lines, DONE], asked)).toMatchObject({ faults: [], usage });
  });

  it("may have comments before its end, and says after how many chunks", () => {
    const report = check([": waiting, 3 ahead\n\n", role, said("a"), ": goes on\n\n", stop, DONE]);
    expect(report).toMatchObject({
      faults: [],
      comments: [
        { text: "waiting, 3 ahead", after: 0 },
        { text: "goes on", after: 2 },
      ],
    });
  });

  it("may end by an error instead, also before its first chunk", () => {
    expect(check([role, said("a"), error])).toMatchObject({ faults: [], end: "error", error: error.error });
    expect(check([": waiting\n\n", `event: error\ndata: ${JSON.stringify(error)}\n\n`])).toMatchObject({
      faults: [],
      end: "error",
    });
  });

  it("may consist of tool calls in pieces", () => {
    const calls = [
      { index: 0, id: "call_1", type: "function", function: { name: "look", arguments: "" } },
      { index: 0, function: { arguments: '{"a"' } },
      { index: 0, function: { arguments: ":1}" } },
      { index: 1, id: "call_2", type: "function", function: { name: "say", arguments: "{}" } },
    ].map((call) => chunk({ tool_calls: [call] }));
    expect(check([role, ...calls, chunk({}, "tool_calls"), DONE])).toMatchObject({
      faults: [],
      toolCalls: [
        { id: "call_1", name: "look", arguments: '{"a":1}' },
        { id: "call_2", name: "say", arguments: "{}" },
      ],
    });
  });

  it("may lack its end where it was broken off, and only there", () => {
    const lines = [...withUsage([role, said("a")]), 'data: {"id":'];
    expect(check(lines, { includeUsage: true, mayBreakOff: true })).toMatchObject({
      faults: [],
      end: "none",
    });
    expect(check(lines, asked).faults).toHaveLength(2);
  });
});

describe("a fault is found where", () => {
  const piece = (call: object) => chunk({ tool_calls: [call] });
  const call = { index: 0, id: "call_1", type: "function", function: { name: "look", arguments: "" } };
  const usageChunk = { ...head, choices: [], usage };

  it.each<[what: string, lines: readonly Line[], fault: string, wishes?: StreamWishes]>([
    ["nothing came", [], "neither [DONE] nor an error"],
    ["the end is missing", [role, said("a"), stop], "neither [DONE] nor an error"],
    ["it ends within an event", [role, stop, "data: [DONE]\n"], "ends within an event"],
    ["a finish_reason is missing", [role, said("a"), DONE], "without a finish_reason"],
    ["a finish_reason comes twice", [role, stop, stop, DONE], "second finish_reason"],
    ["text comes after the finish_reason", [role, stop, said("a"), DONE], "after the finish_reason"],
    ["something comes after [DONE]", [role, stop, DONE, said("a")], "comes after the end"],
    ["a comment comes after [DONE]", [role, stop, DONE, ": late\n\n"], "comes after the end"],
    ["[DONE] comes twice", [role, stop, DONE, DONE], "comes after the end"],
    ["something comes after an error", [role, error, DONE], "comes after the end"],
    ["the role is missing", [said("a"), stop, DONE], "no role"],
    ["the role comes twice", [role, role, stop, DONE], "role again"],
    ["the id changes", [role, { ...said("a"), id: "chatcmpl-87654321" }, stop, DONE], "id changes"],
    ["the time changes", [role, { ...said("a"), created: 1_700_000_001 }, stop, DONE], "created changes"],
    ["the model changes", [role, { ...said("a"), model: "n" }, stop, DONE], "model changes"],
    ["an event is no JSON", [role, "data: {\n\n", stop, DONE], "no JSON"],
    [
      "a key is missing",
      [role, chunk({ content: "a" }, null, { object: undefined }), stop, DONE],
      "no chunk",
    ],
    ["a key is unknown", [role, { ...said("a"), event: "x" }, stop, DONE], "no chunk"],
    ["a reason is unknown", [role, chunk({}, "error"), DONE], "no chunk"],
    ["an error is of another shape", [role, { error: { message: "oops" } }], "none of ours"],
    ["an error has an unknown code", [role, { error: { ...error.error, code: "oops" } }], "none of ours"],
    [
      "an event has a name",
      [role, `event: delta\ndata: ${JSON.stringify(said("a"))}\n\n`, stop, DONE],
      "name",
    ],
    ["a line is something else", [role, "retry: 5\n\n", stop, DONE], "neither data"],
    ["a line ends by a carriage return", [role, stop, "data: [DONE]\r\n\n"], "line feed"],
    ["data is spread over lines", [role, 'data: {"error":\ndata: 1}\n\n'], "several lines"],
    ["an empty line is too many", [role, "\n\n", stop, DONE], "too many"],
    ["nobody asked for the usage", [...withUsage([role]), stop, DONE], "nobody asked for"],
    ["nobody asked for the last usage", [role, stop, usageChunk, DONE], "nobody asked for"],
    ["the usage is missing", [...withUsage([role, stop]), DONE], "without the usage", asked],
    [
      "a chunk has no usage, not even null",
      [role, ...withUsage([stop]), usageChunk, DONE],
      "not even null",
      asked,
    ],
    ["the usage comes twice", [...withUsage([role, stop]), usageChunk, usageChunk, DONE], "twice", asked],
    [
      "the usage comes too early",
      [...withUsage([role]), usageChunk, ...withUsage([stop]), DONE],
      "before",
      asked,
    ],
    ["a tool call has no name", [role, piece({ ...call, function: {} }), DONE], "begins without"],
    ["a tool call has its id again", [role, piece(call), piece(call), DONE], "id or name again"],
    ["a tool call is left out", [role, piece({ ...call, index: 1 }), DONE], "out of turn"],
    ["two tool calls have one id", [role, piece(call), piece({ ...call, index: 1 }), DONE], "one id"],
    ["tool calls are the reason, and missing", [role, chunk({}, "tool_calls"), DONE], "without any"],
  ])("%s", (_, lines, fault, wishes = { includeUsage: false }) => {
    expect(check(lines, wishes).faults.join("\n")).toContain(fault);
  });

  it("a character is broken", () => {
    const bytes = bytesOf([role, said("漢"), stop, DONE]);
    const at = bytes.indexOf(0xe6);
    bytes[at + 1] = 0x20;
    expect(checkStream(bytes, { includeUsage: false }).faults).toContain("it is no UTF-8");
  });
});
