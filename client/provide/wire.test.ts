import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket as FarSocket, WebSocketServer } from "ws";
import type { Wire, WireFault } from "../../provider/wire.ts";
import { tabWires } from "./wire.ts";

const ticket = "0123456789abcdef".repeat(4);

/** The site as a tab's connection sees it: what it was asked, and what it answers. */
interface Site {
  url: string;
  asked: string[];
  answer: { status: number; body: string };
  far: FarSocket | null;
  close(): Promise<void>;
}

async function openSite(): Promise<Site> {
  const http: Server = createServer((request, response) => {
    site.asked.push(`${request.method} ${request.url}`);
    response.writeHead(site.answer.status).end(site.answer.body);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "tabarena.provider" });
  http.on("upgrade", (request, raw, head) => {
    site.asked.push(`${request.url} ${request.headers["sec-websocket-protocol"]}`);
    sockets.handleUpgrade(request, raw, head, (socket) => (site.far = socket));
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const site: Site = {
    url: `http://127.0.0.1:${address.port}`,
    asked: [],
    answer: { status: 201, body: JSON.stringify({ ticket, expiresAt: 1 }) },
    far: null,
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      http.close();
    },
  };
  return site;
}

describe("a tab's wire", () => {
  let site: Site;
  let events: string[];
  let faults: WireFault[];
  let bytes: number;
  let wire: Wire;

  const open = (url = site.url): void => {
    wire = tabWires({ site: url, provider: "my tab", onBytes: (more) => (bytes += more) }).open({
      onOpen: () => events.push("open"),
      onText: (text) => events.push(text),
      onFault: (fault) => faults.push(fault),
      onClose: (code, reason) => events.push(`close ${code} ${reason}`.trim()),
    });
  };
  const far = (): FarSocket => {
    if (site.far === null) throw new Error("nobody has come");
    return site.far;
  };
  beforeEach(async () => {
    site = await openSite();
    events = [];
    faults = [];
    bytes = 0;
  });
  afterEach(async () => {
    wire.terminate();
    await site.close();
  });

  it("comes with a ticket of its own, which stands in no address", async () => {
    open();
    await expect.poll(() => events).toEqual(["open"]);
    expect(site.asked).toEqual([
      "POST /api/providers/my%20tab/ticket",
      `/link/provider tabarena.provider, ticket.${ticket}`,
    ]);
    expect(wire.isOpen).toBe(true);
  });

  it("says and hears texts, counts their bytes, and tells when they are on their way", async () => {
    open();
    await expect.poll(() => events).toEqual(["open"]);
    const heard = once(far(), "message");
    let isSent = false;
    wire.send("é", () => (isSent = true));
    expect(String((await heard)[0])).toBe("é");
    await expect.poll(() => isSent).toBe(true);
    far().send("four");
    await expect.poll(() => events).toEqual(["open", "four"]);
    expect(bytes).toBe(6);
  });

  it("takes leave with a code that pages may say, and tells by which it was closed", async () => {
    open();
    await expect.poll(() => events).toEqual(["open"]);
    const left = once(far(), "close");
    wire.close(1001, "the provider ends");
    expect(await left).toEqual([1000, Buffer.from("the provider ends")]);
    await expect.poll(() => events.at(-1)).toBe("close 1000 the provider ends");
  });

  it("tells the code by which the site closes it", async () => {
    open();
    await expect.poll(() => events).toEqual(["open"]);
    far().close(4001, "the same provider connected again");
    await expect.poll(() => events.at(-1)).toBe("close 4001 the same provider connected again");
    expect(wire.isOpen).toBe(false);
  });

  it("ends at once when it is ended here, and is not heard of again", async () => {
    open();
    await expect.poll(() => events).toEqual(["open"]);
    wire.terminate();
    expect(events).toEqual(["open", "close 1006"]);
    await once(far(), "close");
    wire.terminate();
    expect(events).toHaveLength(2);
  });

  it("may be closed before it is open", () => {
    open();
    wire.close(1001, "the provider ends");
    expect(events).toEqual(["close 1006"]);
  });

  it.each([
    [401, { code: "not_signed_in", message: "Sign in first." }, { why: "Sign in first.", soon: false }],
    [404, { code: "not_found", message: "None." }, { why: "None.", soon: false }],
    [503, { code: "starting", message: "Wait." }, { why: "Wait.", soon: true }],
    [502, "<html>", { why: "HTTP 502", soon: true }],
    [201, { ticket: "no" }, { why: "HTTP 201", soon: true }],
  ])("tells why it gets no ticket, and whether to ask again soon: %d", async (status, body, fault) => {
    site.answer = { status, body: JSON.stringify(body) };
    open();
    await expect.poll(() => events).toEqual(["close 1006"]);
    expect(faults).toEqual([fault]);
  });

  it("tells that there is no network", async () => {
    await site.close();
    open();
    await expect.poll(() => events).toEqual(["close 1006"]);
    expect(faults).toEqual([{ why: "the network is away, or the site is", soon: true }]);
  });

  it("runs things after this turn, each once and in order", async () => {
    const ran: number[] = [];
    const { afterTurn } = tabWires({ site: site.url, provider: "p", onBytes: () => undefined });
    for (const nth of [1, 2, 3]) afterTurn(() => ran.push(nth));
    expect(ran).toEqual([]);
    await expect.poll(() => ran).toEqual([1, 2, 3]);
    open();
  });
});
