import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Upstream, upstreamAt } from "./upstream.ts";

/** A server of OpenAI's API that answers as a test says. */
export interface ScriptedUpstream {
  upstream: Upstream;
  /** What it lists as its models. */
  models: Record<string, unknown>[];
  /** What it answers at other paths, as JSON. */
  pages: Map<string, unknown>;
  /** What was last sent to those, by path. */
  told: Map<string, unknown>;
  /** What was asked of it to write: chats and completions. */
  asked: Asked[];
  /** How the next of those are answered, in turn; the last one stays. */
  answers: Answer[];
  /** Whether it says that it writes, where it is asked for a token to find out. */
  completes: boolean;
  /** What was asked of it in vectors. */
  askedVectors: Asked[];
  /** How the next of those are answered, in turn; the last one stays, and none is a refusal. */
  vectors: ((response: ServerResponse, body: Record<string, unknown>) => Promise<void> | void)[];
  /** Requests of both kinds whose client went before their end. */
  hungUp: number;
  close(): Promise<void>;
}

interface Asked {
  url: string;
  body: Record<string, unknown>;
  authorization: string | undefined;
}

type Answer = (response: ServerResponse) => Promise<void> | void;

/** The next of them; the last one stays. */
const nextOf = <T>(all: T[]): T | undefined => (all.length > 1 ? all.shift() : all[0]);

export async function openUpstream(): Promise<ScriptedUpstream> {
  const asked: ScriptedUpstream["asked"] = [];
  const http = createServer(async (request, response) => {
    const { url = "", headers } = request;
    let text = "";
    for await (const part of request) text += String(part);
    if (url === "/v1/models") return response.end(JSON.stringify({ object: "list", data: scripted.models }));
    if (!/^\/v1\/((chat\/)?completions|embeddings)$/.test(url)) {
      const page = scripted.pages.get(url);
      if (text !== "") scripted.told.set(url, JSON.parse(text));
      return page === undefined ? response.writeHead(404).end("none") : response.end(JSON.stringify(page));
    }
    const body: Record<string, unknown> = JSON.parse(text);
    response.on("close", () => {
      if (!response.writableFinished) scripted.hungUp++;
    });
    const one = { url, body, authorization: headers.authorization };
    if (url.endsWith("embeddings")) {
      scripted.askedVectors.push(one);
      const answer = nextOf(scripted.vectors) ?? refused(501, "This server does not support embeddings");
      return answer(response, body);
    }
    if (body["stream"] !== true)
      return scripted.completes ? json({ choices: [] })(response) : refused(501, "no completions")(response);
    scripted.asked.push(one);
    await nextOf(scripted.answers)?.(response);
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const scripted: ScriptedUpstream = {
    upstream: upstreamAt(new URL(`http://127.0.0.1:${address.port}`), "a key"),
    models: [{ id: "served", object: "model", owned_by: "somebody" }],
    pages: new Map(),
    told: new Map(),
    asked,
    answers: [streamed([text("One"), text(" two"), end("stop"), usage(5, 2)])],
    completes: true,
    askedVectors: [],
    vectors: [],
    hungUp: 0,
    async close() {
      http.close();
      http.closeAllConnections();
    },
  };
  return scripted;
}

type Chunk = Record<string, unknown>;

export const delta = (some: Record<string, unknown>, more: Record<string, unknown> = {}): Chunk => ({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: some, finish_reason: null, ...more }],
});
export const text = (content: string): Chunk => delta({ content });
export const end = (reason: string): Chunk => delta({}, { finish_reason: reason });
export const usage = (prompt: number, completion: number, more: Record<string, unknown> = {}): Chunk => ({
  choices: [],
  usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, ...more },
});

/** An answer as a stream of these events; a number is a pause in milliseconds, a string is sent as it is. */
export const streamed =
  (events: readonly (Chunk | string | number)[], last = "data: [DONE]\n\n") =>
  async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (const event of events) {
      if (typeof event === "number") await sleep(event);
      else response.write(typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`);
    }
    response.end(last);
  };

/** An answer that breaks off after these events. */
export const cutOff =
  (events: readonly Chunk[]) =>
  async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    await sleep(50);
    response.destroy();
  };

/** An answer that is not what was asked for. */
export const refused =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

/** An answer as a whole. */
export const json =
  (body: unknown) =>
  (response: ServerResponse): void =>
    void response
      .writeHead(200, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));

/** Vectors in the shape of the API, with so many tokens read. */
export const vectorList = (vectors: readonly number[][], promptTokens = 4): Record<string, unknown> => ({
  object: "list",
  model: "served",
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
});

/** For each text its length and its place. */
export const vectorsOfAll = (response: ServerResponse, { input }: Record<string, unknown>): void => {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  const vectors = texts.map((text, place) => [String(text).length, place, 0.5]);
  json(vectorList(vectors, texts.length))(response);
};

/** A chunk of a completion. */
export const completionText = (some: string, more: Record<string, unknown> = {}): Chunk => ({
  object: "text_completion",
  choices: [{ index: 0, text: some, finish_reason: null, ...more }],
});
export const completionEnd = (reason: string): Chunk => completionText("", { finish_reason: reason });
