import { WebSocket } from "ws";
import {
  MAX_FRAME_MESSAGES,
  MAX_SLOTS,
  type MarketMessage,
  PROVIDER_PROTOCOL,
  type ProviderMessage,
} from "../../../protocol/provider.ts";
import { now } from "./clock.ts";
import { beginAnswer, MODEL, readWish } from "./model.ts";
import { endWithParent, tellParent } from "./parent.ts";

/** A process: the model behind the provider's protocol, at the given address with the given token. */
const [url = "", token = ""] = process.argv.slice(2);

/** As much of answers waits for the network at most, in bytes. */
const MOST_BUFFERED = 256 * 1024;

const PROMPT_TOKENS = 20;

const hello = {
  type: "hello",
  protocols: [PROVIDER_PROTOCOL],
  agent: "tabarena-bench",
  kind: "native",
  slots: MAX_SLOTS,
  offers: [
    {
      offer: "bench",
      model: MODEL,
      tasks: ["chat"],
      contextTokens: 100_000,
      maxOutputTokens: 50_000,
      prices: { prompt: 1_000_000_000, cachedPrompt: 1_000_000_000, completion: 1_000_000_000 },
      artifact: { sha256: null, quantisation: null, bytes: null },
      engine: { name: "bench", build: "1" },
      features: [],
      tokensPerSecond: 50,
    },
  ],
  holding: [],
} satisfies ProviderMessage;

interface Running {
  wish: string;
  deltas: number;
  paused: boolean;
  stop(): void;
}

const running = new Map<string, Running>();
const socket = new WebSocket(url, {
  headers: { authorization: `Bearer ${token}` },
  perMessageDeflate: false,
});
/** What is said in one turn goes as one frame, as our agent sends it; the floor, which has no token, knows none of that. */
let unsent: ProviderMessage[] = [];
function send(message: ProviderMessage): void {
  if (token === "") return socket.send(JSON.stringify(message));
  if (unsent.length === 0) setImmediate(flush);
  unsent.push(message);
  if (unsent.length >= MAX_FRAME_MESSAGES) flush();
}
function flush(): void {
  if (unsent.length > 0) socket.send(JSON.stringify(unsent));
  unsent = [];
}

function finish(job: string, reason: "stop" | "cancelled"): void {
  const deltas = running.get(job)?.deltas ?? 0;
  running.delete(job);
  const usage = { promptTokens: PROMPT_TOKENS, cachedPromptTokens: 0, completionTokens: deltas };
  send({ type: "finished", job, reason, deltas, usage, timings: null });
}

function begin(job: string, content: string): void {
  const wish = readWish(content);
  const one: Running = { wish: wish.id, deltas: 0, paused: false, stop: () => {} };
  running.set(job, one);
  send({ type: "accept", job, promptTokens: PROMPT_TOKENS });
  one.stop = beginAnswer(wish, {
    token: (text) => send({ type: "delta", job, seq: one.deltas++, text, tokenCount: 1 }),
    end: () => finish(job, "stop"),
    full: () => one.paused || socket.bufferedAmount > MOST_BUFFERED,
  });
}

function hear(message: MarketMessage): void {
  switch (message.type) {
    case "welcome":
      setInterval(() => socket.send("ping"), message.heartbeatMs);
      return tellParent({ type: "ready" });
    case "job": {
      const { request } = message;
      const content = request.type === "chat" ? request.messages.at(-1)?.content : undefined;
      if (typeof content !== "string") throw new Error("the job has no text");
      return begin(message.job, content);
    }
    case "cancel": {
      const one = running.get(message.job);
      if (one === undefined) return;
      one.stop();
      tellParent({ type: "cancelled", id: one.wish, at: now() });
      return finish(message.job, "cancelled");
    }
    case "pause":
    case "resume": {
      const one = running.get(message.job);
      if (one !== undefined) one.paused = message.type === "pause";
      return;
    }
    case "settled":
      return;
    case "unwelcome":
      throw new Error(`not welcome as a provider: ${message.message}`);
    default:
      message satisfies never;
  }
}

endWithParent();
socket.on("open", () => send(hello));
socket.on("close", (code, reason) => {
  throw new Error(`the socket was closed: ${code} ${String(reason)}`);
});
socket.on("message", (data) => {
  const text = String(data);
  // What both sides say was written down in one place; here it is measured how fast it goes, not checked.
  if (text !== "pong") hear(JSON.parse(text));
});
