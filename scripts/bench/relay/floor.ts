import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { MarketMessage, ProviderMessage } from "../../../protocol/provider.ts";
import { type EventStream, openEvents, readJson } from "./events.ts";
import { wishOf } from "./model.ts";
import { serve } from "./parent.ts";

/**
 * A process: the least that a relay of our kind does, from one provider's socket to its consumers' streams. It looks at no
 * key, counts and pays nothing, and believes whatever it is told.
 */
const streams = new Map<string, EventStream>();
const timeouts = { acceptMs: 60_000, firstTokenMs: 60_000, stallMs: 60_000, totalMs: 600_000 };
let provider: WebSocket | null = null;
let jobs = 0;

const tell = (message: MarketMessage): void => provider?.send(JSON.stringify(message));

function hear(message: ProviderMessage): void {
  switch (message.type) {
    case "hello":
      return tell({ type: "welcome", protocol: 1, provider: "floor", heartbeatMs: 30_000 });
    case "delta":
      return streams.get(message.job)?.token(message.text);
    case "finished":
      streams.get(message.job)?.end();
      streams.delete(message.job);
  }
}

const server = createServer(async (request, response) => {
  const wish = wishOf(await readJson(request));
  const job = `floor-job-${jobs++}`;
  streams.set(job, openEvents(response, job));
  response.once("close", () => {
    if (response.writableEnded || !streams.delete(job)) return;
    tell({ type: "cancel", job });
  });
  tell({
    type: "job",
    job,
    offer: "bench",
    timeouts,
    request: {
      type: "chat",
      messages: [{ role: "user", content: JSON.stringify(wish) }],
      continuation: null,
      sampling: {
        temperature: 1,
        topP: 1,
        frequencyPenalty: 0,
        presencePenalty: 0,
        logitBias: {},
        seed: null,
      },
      stop: [],
      maxTokens: wish.tokens,
      logprobs: null,
      tokenIds: false,
      tools: [],
      toolChoice: "none",
      parallelToolCalls: true,
      responseFormat: { type: "text" },
    },
  });
});

new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  provider = socket;
  socket.on("message", (data) => {
    const text = String(data);
    if (text !== "ping") hear(JSON.parse(text));
    else socket.send("pong");
  });
});
serve(server);
