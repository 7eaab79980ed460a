import { createServer, type Server } from "node:http";
import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocketServer, type WebSocket as ServerSocket } from "ws";
import { backoffMs, openLive, type LiveConnection, type LiveState } from "./live.ts";

const Message = v.object({ type: v.literal("count"), count: v.number() });

/** The other end of the wire: a real server that the test tells what to do. */
interface FarEnd {
  url: string;
  sockets: ServerSocket[];
  heard: string[];
  answersPings: boolean;
  close(): void;
}

let end: FarEnd | null = null;
let live: LiveConnection | null = null;
afterEach(() => {
  live?.close();
  end?.close();
});

async function farEnd(port = 0): Promise<FarEnd> {
  const server: Server = createServer();
  const hub = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The far end listens on no port.");
  const made: FarEnd = {
    url: `ws://127.0.0.1:${address.port}/`,
    sockets: [],
    heard: [],
    answersPings: true,
    close() {
      for (const socket of hub.clients) socket.terminate();
      server.close();
    },
  };
  hub.on("connection", (socket) => {
    made.sockets.push(socket);
    socket.on("message", (data) => {
      const text = String(data);
      if (text !== "ping") made.heard.push(text);
      else if (made.answersPings) socket.send("pong");
    });
  });
  return made;
}

function connect(far: FarEnd, received: number[] = [], pingMs = 20_000): LiveConnection {
  return openLive({
    url: far.url,
    schema: Message,
    greet: () => `since ${received.at(-1) ?? "nothing"}`,
    receive: (message) => received.push(message.count),
    firstDelayMs: 20,
    pingMs,
  });
}

const say = (socket: ServerSocket | undefined, count: number): void =>
  socket?.send(JSON.stringify({ type: "count", count }));

describe("a live connection", () => {
  it("greets when it opens and hands over what arrives", async () => {
    end = await farEnd();
    const received: number[] = [];
    live = connect(end, received);
    expect(live.state.value).toBe("connecting");
    await vi.waitFor(() => expect(end?.heard).toEqual(["since nothing"]));
    expect(live.state.value).toBe("live");
    say(end.sockets[0], 1);
    await vi.waitFor(() => expect(received).toEqual([1]));
  });

  it("comes back by itself when it was cut, and says where to resume", async () => {
    end = await farEnd();
    const received: number[] = [];
    live = connect(end, received);
    const states: LiveState[] = [];
    live.state.subscribe((state) => void states.push(state));
    await vi.waitFor(() => expect(end?.sockets).toHaveLength(1));
    say(end.sockets[0], 7);
    await vi.waitFor(() => expect(received).toEqual([7]));
    end.sockets[0]?.terminate();
    await vi.waitFor(() => expect(end?.heard).toEqual(["since nothing", "since 7"]));
    expect(states).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  it("keeps trying while nobody answers at the other end", async () => {
    end = await farEnd();
    live = connect(end);
    await vi.waitFor(() => expect(live?.state.value).toBe("live"));
    const port = Number(new URL(end.url).port);
    end.close();
    await vi.waitFor(() => expect(live?.state.value).toBe("reconnecting"));
    end = await farEnd(port);
    await vi.waitFor(() => expect(live?.state.value).toBe("live"), { timeout: 5000 });
  });

  it("gives up a socket that looks open but no longer answers", async () => {
    end = await farEnd();
    live = connect(end, [], 40);
    await vi.waitFor(() => expect(end?.sockets).toHaveLength(1));
    end.answersPings = false;
    await vi.waitFor(() => expect(end?.sockets.length).toBeGreaterThan(1), { timeout: 5000 });
  });

  it("stops for good when it is told something it does not understand", async () => {
    end = await farEnd();
    const received: number[] = [];
    live = connect(end, received);
    await vi.waitFor(() => expect(end?.sockets).toHaveLength(1));
    end.sockets[0]?.send(JSON.stringify({ type: "news of a later version" }));
    await vi.waitFor(() => expect(live?.state.value).toBe("outdated"));
    await vi.waitFor(() => expect(end?.sockets[0]?.readyState).toBe(3));
    expect(received).toEqual([]);
    expect(end.sockets).toHaveLength(1);
  });

  it("does not come back once it was closed", async () => {
    end = await farEnd();
    live = connect(end);
    await vi.waitFor(() => expect(live?.state.value).toBe("live"));
    live.close();
    await vi.waitFor(() => expect(end?.sockets[0]?.readyState).toBe(3));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(end.sockets).toHaveLength(1);
  });
});

describe("the time before the next attempt", () => {
  it("doubles up to a bound", () => {
    expect([0, 1, 2, 5, 6, 60].map((attempt) => backoffMs(attempt, 0.999999))).toEqual([
      500, 1000, 2000, 16_000, 16_000, 16_000,
    ]);
  });

  it("is spread by chance, and never nothing", () => {
    expect(backoffMs(0, 0)).toBe(50);
    expect(backoffMs(3, 0.5)).toBe(2200);
  });
});
