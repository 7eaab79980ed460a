import { createExecutionContext, evictDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import { ProviderTicket, TICKET_MS, ticketSubprotocols } from "../protocol/provider-ticket.ts";
import { market } from "./env.ts";
import { provider } from "./guards.ts";
import { link } from "./providers.ts";
import { bindings, marketSays, newProvider, providerHello, signedUp, Socket, Visitor } from "./testing.ts";

const anyTicket = "0".repeat(64);

const bearing = (ticket: string): Record<string, string> => ({
  upgrade: "websocket",
  "sec-websocket-protocol": ticketSubprotocols(ticket).join(", "),
});

const ticketOf = async (owner: Visitor, id: string): Promise<string> =>
  v.parse(ProviderTicket, await owner.post(`/api/providers/${id}/ticket`)).ticket;

/** What a page of the site gets that comes with this ticket; it brings no cookie. */
const upgrade = (ticket: string, headers: Record<string, string> = {}): Promise<Response> =>
  new Visitor().call("GET", "/link/provider", undefined, { ...bearing(ticket), ...headers });

async function refusal(response: Response): Promise<[number, string, string]> {
  const { code, message } = await response.json<ErrorBody>();
  return [response.status, code, message];
}

afterEach(async () => {
  await evictDurableObject(market(bindings), { webSockets: "close" }).catch(() => undefined);
});

describe("a tab's ticket", () => {
  it("is told to the provider's owner, and kept as its hash only", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-told");
    const before = Date.now();
    const response = await owner.call("POST", "/api/providers/tab-told/ticket");
    expect([response.status, response.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const { ticket, expiresAt } = v.parse(ProviderTicket, await response.json());
    expect(expiresAt).toBeGreaterThanOrEqual(before + TICKET_MS);
    const row = await bindings.DB.prepare(
      "SELECT * FROM provider_tickets WHERE provider = 'tab-told'",
    ).first();
    expect(JSON.stringify(row)).not.toContain(ticket);
  });

  it("opens the provider's socket, whose answer names the subprotocol and not the ticket", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-opens");
    const response = await upgrade(await ticketOf(owner, "tab-opens"));
    expect(response.headers.get("sec-websocket-protocol")).toBe("tabarena.provider");
    if (!response.webSocket) throw new Error("no socket");
    const socket = new Socket(response.webSocket);
    socket.send(providerHello({ kind: "browser" }));
    expect(await socket.next(marketSays("welcome"))).toMatchObject({ provider: "tab-opens" });
  });

  it("is good once", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-once");
    const ticket = await ticketOf(owner, "tab-once");
    expect((await upgrade(ticket)).status).toBe(101);
    expect(await refusal(await upgrade(ticket))).toEqual([
      401,
      "wrong_token",
      "This ticket is unknown, was used before, or a newer one has taken its place.",
    ]);
  });

  it("lets in one of two who come with it at once", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-twice");
    const ticket = await ticketOf(owner, "tab-twice");
    const answers = await Promise.all(Array.from({ length: 5 }, () => upgrade(ticket)));
    expect(answers.map(({ status }) => status).sort()).toEqual([101, 401, 401, 401, 401]);
  });

  it("is good for a minute, and spent even when it comes too late", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-late");
    const ticket = await ticketOf(owner, "tab-late");
    await bindings.DB.prepare("UPDATE provider_tickets SET expires_at = ? WHERE provider = 'tab-late'")
      .bind(Date.now())
      .run();
    expect(await refusal(await upgrade(ticket))).toEqual([
      401,
      "wrong_token",
      "This ticket is too old: it is good for 60 seconds.",
    ]);
    const left = await bindings.DB.prepare(
      "SELECT 1 FROM provider_tickets WHERE provider = 'tab-late'",
    ).first();
    expect(left).toBeNull();
  });

  it("takes the place of the one before", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-newer");
    const [first, second] = [await ticketOf(owner, "tab-newer"), await ticketOf(owner, "tab-newer")];
    expect((await upgrade(first)).status).toBe(401);
    expect((await upgrade(second)).status).toBe(101);
  });

  it("is for one's own providers, and for nobody who is not signed in", async () => {
    const [owner, other] = [await signedUp(), await signedUp()];
    await newProvider(owner, "tab-own");
    expect(await refusal(await other.call("POST", "/api/providers/tab-own/ticket"))).toEqual([
      404,
      "not_found",
      "You have no such provider.",
    ]);
    expect((await new Visitor().call("POST", "/api/providers/tab-own/ticket")).status).toBe(401);
    expect((await owner.call("POST", "/api/providers/tab-none/ticket")).status).toBe(404);
  });

  it("is not made for a page of another site", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-foreign");
    const headers = { origin: "https://other.test" };
    const response = await owner.call("POST", "/api/providers/tab-foreign/ticket", undefined, headers);
    expect((await refusal(response)).slice(0, 2)).toEqual([403, "wrong_origin"]);
  });

  it("is neither made nor good for a provider that was revoked", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-revoked");
    const ticket = await ticketOf(owner, "tab-revoked");
    await owner.call("DELETE", "/api/providers/tab-revoked");
    expect(await refusal(await upgrade(ticket))).toEqual([
      401,
      "wrong_token",
      "The provider tab-revoked was revoked, and its name can't be used again.",
    ]);
    expect((await owner.call("POST", "/api/providers/tab-revoked/ticket")).status).toBe(404);
  });

  it("opens no socket where its provider is revoked while that is on its way", async () => {
    const owner = await signedUp();
    await newProvider(owner, "tab-way");
    const url = new URL("http://tabarena.test/link/provider");
    const headers = { ...bearing(await ticketOf(owner, "tab-way")), origin: url.origin };
    const request = new Request(url, { headers });
    const call = { request, url, params: {}, env: bindings, ctx: createExecutionContext() };
    const admitted = await provider(call);
    await owner.call("DELETE", "/api/providers/tab-way");
    await expect(link(call, admitted)).rejects.toMatchObject({ code: "wrong_token" });
  });

  it.each([["https://other.test"], ["null"], [""]])(
    "is good for no page of another site, and not spent by it: %j",
    async (origin) => {
      const owner = await signedUp();
      const id = `tab-origin-${origin.length}`;
      await newProvider(owner, id);
      const ticket = await ticketOf(owner, id);
      expect((await refusal(await upgrade(ticket, { origin }))).slice(0, 2)).toEqual([403, "wrong_origin"]);
      expect((await upgrade(ticket)).status).toBe(101);
    },
  );

  it.each([
    ["an unknown ticket", ticketSubprotocols(anyTicket).join(", ")],
    ["the subprotocol alone", "tabarena.provider"],
    ["a ticket alone", `ticket.${anyTicket}`],
    ["another subprotocol", `tabarena.provider, chat, ticket.${anyTicket}`],
    ["a ticket that is none", "tabarena.provider, ticket.0123"],
  ])("is not %s", async (_what, header) => {
    const response = await upgrade(anyTicket, { "sec-websocket-protocol": header });
    expect((await refusal(response)).slice(0, 2)).toEqual([401, "wrong_token"]);
  });

  it("is not looked at where there is a token", async () => {
    const owner = await signedUp();
    const { token } = await newProvider(owner, "tab-token");
    const ticket = await ticketOf(owner, "tab-token");
    const response = await upgrade(ticket, { authorization: `Bearer ${token}` });
    expect([response.status, response.headers.get("sec-websocket-protocol")]).toEqual([101, null]);
    expect((await upgrade(ticket)).status).toBe(101);
  });
});
