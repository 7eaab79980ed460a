import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import * as v from "valibot";
import { IceServers } from "../protocol/ice-server.ts";
import {
  HubMessage,
  MAX_SIGNAL_FRAME,
  type PeerPlace,
  type PeerRole,
  SIGNAL_HEARTBEAT,
} from "../protocol/peer-signal.ts";
import { sha256 } from "./digest.ts";
import { peerHub } from "./env.ts";
import { PeerLimits } from "./peer-limits.ts";
import { issuePeer } from "./peers.ts";
import { accountOf, bindings, newProvider, signedUp, Socket, type Visitor } from "./testing.ts";

const limits = v.parse(PeerLimits, bindings.PEER_LIMITS);
const MINUTE = 60_000;

let providers = 0;
let provider = "";
let ann: Visitor;
beforeEach(async () => {
  provider = `hub-${++providers}`;
  ann = await signedUp();
});

const issue = async (role: PeerRole, who: Visitor = ann, ttlMs = MINUTE): Promise<PeerPlace> =>
  issuePeer(bindings, { provider, account: await accountOf(who), role, ttlMs });

const addressOf = ({ id, token }: PeerPlace, key = "peerjs"): string =>
  `/peerjs/${provider}/peerjs?key=${key}&id=${id}&token=${token}&version=1.5.5`;

const connect = (place: PeerPlace, who: Visitor = ann): Promise<Socket> => who.socket(addressOf(place));

/** The next message, whatever it is. */
const heard = (socket: Socket): Promise<HubMessage> =>
  socket.next((message): message is HubMessage => v.is(HubMessage, message));

/** A peer that has heard OPEN. */
async function opened(role: PeerRole, who: Visitor = ann): Promise<{ place: PeerPlace; socket: Socket }> {
  const place = await issue(role, who);
  const socket = await connect(place, who);
  expect(await heard(socket)).toEqual({ type: "OPEN" });
  return { place, socket };
}

/** A tab and a page of different people. */
const both = async () => ({
  tab: await opened("provider"),
  page: await opened("consumer", await signedUp()),
});

const offer = (dst: string, connectionId = "dc_1") => ({
  type: "OFFER",
  dst,
  payload: {
    sdp: { type: "offer", sdp: "v=0\r\n" },
    type: "data",
    connectionId,
    metadata: { job: "j" },
    label: "dc_1",
    serialization: "json",
    reliable: true,
  },
});
const answer = (dst: string) => ({
  type: "ANSWER",
  dst,
  payload: { sdp: { type: "answer", sdp: "v=0\r\n" }, type: "data", connectionId: "dc_1" },
});
const candidate = (dst: string) => ({
  type: "CANDIDATE",
  dst,
  payload: {
    candidate: {
      candidate: "candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host",
      sdpMid: "0",
      sdpMLineIndex: 0,
      usernameFragment: "abcd",
    },
    type: "data",
    connectionId: "dc_1",
  },
});

/** Fires the hub's alarm as if so much time had passed. */
async function later(byMs: number): Promise<void> {
  const stub = peerHub(bindings, provider);
  await runInDurableObject(stub, async (_hub, state) => state.storage.setAlarm(Date.now() + 10 * MINUTE));
  const realNow = Date.now;
  Date.now = () => realNow() + byMs;
  try {
    await runDurableObjectAlarm(stub);
  } finally {
    Date.now = realNow;
  }
}

/** Waits until so many messages wait in the hub for somebody. */
const untilWaiting = (count: number): Promise<void> =>
  expect
    .poll(() => runInDurableObject(peerHub(bindings, provider), (hub) => hub.waiting), { timeout: 10_000 })
    .toBe(count);

/** What an upgrade that is refused is told, and how its socket ends. */
async function refusal(who: Visitor, address: string): Promise<HubMessage & { code: number }> {
  const socket = await who.socket(address);
  const message = await heard(socket);
  const { code } = await socket.closed;
  return { ...message, code };
}

const refusedWith = (msg: string) => ({ type: "ERROR", payload: { msg }, code: 1008 });

describe("the door of a signalling hub", () => {
  it("opens to an id with its token and the session of its account", async () => {
    await opened("provider");
    await opened("consumer");
  });

  it("does not open without an id, a token or a key", async () => {
    const { id, token } = await issue("consumer");
    for (const query of [
      "",
      `id=${id}&token=${token}`,
      `key=peerjs&id=${id}`,
      `key=peerjs&id=&token=${token}`,
    ]) {
      expect(await refusal(ann, `/peerjs/${provider}/peerjs?${query}`)).toEqual(
        refusedWith("No id, token, or key supplied to websocket server"),
      );
    }
  });

  it("names a wrong key as the client knows it", async () => {
    expect(await refusal(ann, addressOf(await issue("consumer"), "other"))).toMatchObject({
      type: "INVALID-KEY",
      code: 1008,
    });
  });

  it("knows no id that it did not issue, nor one whose ticket has expired", async () => {
    const unknown = refusedWith("The id is unknown, or its ticket has expired");
    expect(await refusal(ann, addressOf({ id: "made-up", token: "x" }))).toEqual(unknown);
    expect(await refusal(ann, addressOf({ id: "%0D%0A", token: "x" }))).toEqual(unknown);
    expect(await refusal(ann, addressOf(await issue("consumer", ann, 0)))).toEqual(unknown);
  });

  it("says that an id is taken to another token, while somebody is there and while nobody is", async () => {
    const place = await issue("consumer");
    const wrong = addressOf({ ...place, token: "guessed" });
    expect(await refusal(ann, wrong)).toMatchObject({ type: "ID-TAKEN", payload: { msg: "ID is taken" } });
    const socket = await connect(place);
    await heard(socket);
    expect(await refusal(ann, wrong)).toMatchObject({ type: "ID-TAKEN" });
    socket.send({ type: "LEAVE" });
    expect((await socket.closed).code).toBe(1000);
  });

  it("takes no token from who is not signed in, or from another account", async () => {
    const place = await issue("consumer");
    const stranger = await signedUp();
    expect(await refusal(stranger, addressOf(place))).toEqual(
      refusedWith("The id belongs to another account"),
    );
    await stranger.call("DELETE", "/api/session");
    expect(await refusal(stranger, addressOf(place))).toEqual(
      refusedWith("Sign in first: an id belongs to an account"),
    );
  });

  it("is shut to pages of other sites, and to what is no WebSocket", async () => {
    const address = addressOf(await issue("consumer"));
    const foreign = { upgrade: "websocket", origin: "https://evil.example" };
    expect((await ann.call("GET", address, undefined, foreign)).status).toBe(403);
    expect((await ann.call("GET", address)).status).toBe(426);
  });

  it("belongs to one provider: an id of another's hub is unknown", async () => {
    const place = await issue("consumer");
    provider = `${provider}-other`;
    expect(await refusal(ann, addressOf(place))).toMatchObject({ type: "ERROR" });
  });

  it("issues no more ids than there is room for", async () => {
    await runInDurableObject(peerHub(bindings, provider), async (hub) => {
      for (let nth = 0; nth < limits.places; nth++)
        expect(await hub.issue(`account-${nth}`, "consumer", MINUTE)).not.toBeNull();
      expect(await hub.issue("one-more", "consumer", MINUTE)).toBeNull();
    });
    await expect(issue("consumer")).rejects.toMatchObject({ code: "rate_limited" });
  });

  it("lets no more in at once than there is room for", async () => {
    const hub = peerHub(bindings, provider);
    const comes = async (account: string): Promise<HubMessage> => {
      const { id, token } = await issuePeer(bindings, { provider, account, role: "consumer", ttlMs: MINUTE });
      const tokenHash = await sha256(token);
      const headers = { "x-peer-id": id, "x-peer-account": account, "x-peer-token-hash": tokenHash };
      const { webSocket } = await hub.fetch("http://hub/", { headers: { upgrade: "websocket", ...headers } });
      if (!webSocket) throw new Error("no socket");
      return heard(new Socket(webSocket));
    };
    for (let nth = 0; nth < limits.peers; nth++)
      expect(await comes(`account-${nth}`)).toEqual({ type: "OPEN" });
    expect(await comes("one-more")).toEqual({
      type: "ERROR",
      payload: { msg: "Server has reached its concurrent user limit" },
    });
  });

  it("gives an account so many places, the oldest of which gives way", async () => {
    const first = await opened("consumer");
    for (let nth = 0; nth < limits.placesPerAccount; nth++) await issue("consumer");
    expect((await first.socket.closed).code).toBe(4003);
    expect(await refusal(ann, addressOf(first.place))).toMatchObject({ type: "ERROR" });
  });
});

describe("a peer that comes again", () => {
  it("with the same token takes the place of its old socket, and is not greeted", async () => {
    const { tab, page } = await both();
    const again = await connect(tab.place);
    expect((await tab.socket.closed).code).toBe(4001);
    page.socket.send(offer(tab.place.id));
    expect(await heard(again)).toMatchObject({ type: "OFFER", src: page.place.id });
  });

  it("after it was away is greeted anew", async () => {
    const { place, socket } = await opened("provider");
    socket.close();
    await socket.closed;
    expect(await heard(await connect(place))).toEqual({ type: "OPEN" });
  });
});

describe("what peers say", () => {
  it("is passed on with the sender's true name, both ways", async () => {
    const { tab, page } = await both();
    page.socket.send({ ...offer(tab.place.id), src: "somebody-else" });
    expect(await heard(tab.socket)).toEqual({ ...offer(tab.place.id), src: page.place.id });
    page.socket.send(candidate(tab.place.id));
    expect(await heard(tab.socket)).toEqual({ ...candidate(tab.place.id), src: page.place.id });
    tab.socket.send(answer(page.place.id));
    expect(await heard(page.socket)).toEqual({ ...answer(page.place.id), src: tab.place.id });
    tab.socket.send(candidate(page.place.id));
    expect(await heard(page.socket)).toEqual({ ...candidate(page.place.id), src: tab.place.id });
  });

  it("is passed on without what nobody has to say", async () => {
    const { tab, page } = await both();
    const { payload, ...rest } = offer(tab.place.id);
    page.socket.send({ ...rest, extra: 1, payload: { ...payload, extra: { deep: 1 } } });
    expect(await heard(tab.socket)).toEqual({ ...offer(tab.place.id), src: page.place.id });
  });

  it("waits for who comes soon, and is heard after the greeting", async () => {
    const { socket: page, place } = await opened("consumer", await signedUp());
    const late = await issue("provider");
    page.send(offer(late.id));
    page.send(candidate(late.id));
    await untilWaiting(2);
    const tab = await connect(late);
    expect(await heard(tab)).toEqual({ type: "OPEN" });
    expect(await heard(tab)).toEqual({ ...offer(late.id), src: place.id });
    expect(await heard(tab)).toEqual({ ...candidate(late.id), src: place.id });
    await later(limits.keptMs);
    tab.send({ type: "LEAVE", dst: place.id });
    expect(await heard(page)).toMatchObject({ type: "LEAVE" });
  });

  it("expires once for each pair, for who is away, unknown, or of the same side", async () => {
    const { socket, place } = await opened("consumer", await signedUp());
    const other = await opened("consumer");
    const away = await issue("provider");
    for (const dst of [away.id, "made-up", other.place.id])
      for (const message of [offer(dst), candidate(dst), candidate(dst)]) socket.send(message);
    await untilWaiting(9);
    await later(limits.keptMs);
    const told = [await heard(socket), await heard(socket), await heard(socket)];
    expect(told).toEqual(
      [away.id, "made-up", other.place.id].map((src) => ({ type: "EXPIRE", src, dst: place.id })),
    );
    // Nothing of it is left, neither for the sender nor for who comes now.
    const tab = await connect(away);
    expect(await heard(tab)).toEqual({ type: "OPEN" });
    tab.send({ type: "LEAVE", dst: place.id });
    expect(await heard(socket)).toEqual({ type: "LEAVE", src: away.id, dst: place.id });
  });

  it("is heard of by the other side only: a leave to one's own is dropped", async () => {
    const { tab, page } = await both();
    const own = await opened("consumer", await signedUp());
    page.socket.send({ type: "LEAVE", dst: own.place.id });
    page.socket.send({ type: "LEAVE", dst: "made-up" });
    page.socket.send({ type: "LEAVE", dst: tab.place.id });
    expect(await heard(tab.socket)).toEqual({ type: "LEAVE", src: page.place.id, dst: tab.place.id });
    tab.socket.send({ type: "LEAVE", dst: own.place.id });
    expect(await heard(own.socket)).toMatchObject({ type: "LEAVE", src: tab.place.id });
  });

  it("takes leave of all without a name: the socket ends, and who writes to it waits in vain", async () => {
    const { tab, page } = await both();
    tab.socket.send({ type: "LEAVE" });
    expect((await tab.socket.closed).code).toBe(1000);
    page.socket.send(offer(tab.place.id));
    await untilWaiting(1);
    await later(limits.keptMs);
    expect(await heard(page.socket)).toMatchObject({ type: "EXPIRE", src: tab.place.id });
  });

  it("is passed over where its type is not one of theirs, the hub's own included", async () => {
    const { tab, page } = await both();
    for (const type of ["EXPIRE", "OPEN", "ID-TAKEN", "ERROR", "DANCE"])
      page.socket.send({ type, dst: tab.place.id, payload: { msg: "no" } });
    page.socket.send(offer(tab.place.id));
    expect(await heard(tab.socket)).toMatchObject({ type: "OFFER" });
  });

  const long = "x".repeat(MAX_SIGNAL_FRAME);
  const { payload } = offer("tab");
  const refused: [string, unknown][] = [
    ["what is no JSON", "{"],
    ["what is no message", [1]],
    ["a frame that is too long", { ...offer("tab"), padding: long }],
    ["an offer to nobody", { type: "OFFER", payload }],
    ["an offer of nothing", { type: "OFFER", dst: "tab" }],
    ["an offer without a description", { ...offer("tab"), payload: { ...payload, sdp: "v=0" } }],
    ["an offer of another kind", { ...offer("tab"), payload: { ...payload, type: "screen" } }],
    ["a name that can be none", { type: "LEAVE", dst: "../tab" }],
    ["an answer without a connection", { ...answer("tab"), payload: { sdp: payload.sdp, type: "data" } }],
    ["a candidate that is none", { ...candidate("tab"), payload: { type: "data", connectionId: "c" } }],
  ];
  it.each(refused)("ends the socket where it is %s", async (_, message) => {
    const { socket } = await opened("consumer");
    socket.send(message);
    expect(await heard(socket)).toMatchObject({ type: "ERROR" });
    expect((await socket.closed).code).toBe(1008);
  });

  it("ends the socket where it comes too fast", async () => {
    const { socket } = await opened("consumer");
    for (let nth = 0; nth < 4 * limits.messagesPerSecond; nth++) socket.send({ type: "DANCE" });
    expect(await heard(socket)).toMatchObject({ payload: { msg: "Too many messages at once" } });
    expect((await socket.closed).code).toBe(1008);
  });

  it("waits up to a number for each sender, who is told at once of whom there is no room for", async () => {
    const { socket } = await opened("consumer");
    for (let nth = 0; nth < limits.kept; nth++) socket.send(candidate("made-up"));
    socket.send(candidate("made-up"));
    socket.send(candidate("another"));
    expect(await heard(socket)).toMatchObject({ type: "EXPIRE", src: "another" });
    await untilWaiting(limits.kept);
  });
});

describe("a peer's presence", () => {
  it("lasts as long as its heartbeats, which wake nobody", async () => {
    const place = await issue("provider");
    const { webSocket } = await ann.call("GET", addressOf(place), undefined, { upgrade: "websocket" });
    if (!webSocket) throw new Error("no socket");
    const answers: unknown[] = [];
    webSocket.addEventListener("message", ({ data }) => void answers.push(data));
    webSocket.accept();
    webSocket.send(SIGNAL_HEARTBEAT.ask);
    await expect.poll(() => answers).toEqual(['{"type":"OPEN"}', SIGNAL_HEARTBEAT.answer]);
    await later(limits.silenceMs - 10_000);
    webSocket.send(SIGNAL_HEARTBEAT.ask);
    await expect.poll(() => answers).toHaveLength(3);
    const closed = new Promise<CloseEvent>((resolve) => webSocket.addEventListener("close", resolve));
    await later(limits.silenceMs);
    expect((await closed).code).toBe(4002);
  });

  it("outlasts the hub's sleep", async () => {
    const { tab, page } = await both();
    await evictDurableObject(peerHub(bindings, provider), { webSockets: "hibernate" });
    page.socket.send(offer(tab.place.id));
    expect(await heard(tab.socket)).toMatchObject({ type: "OFFER", src: page.place.id });
  });

  it("is waited for though the hub sleeps, and who does not come then is told of", async () => {
    const { socket } = await opened("consumer", await signedUp());
    const [late, never] = [await issue("provider"), await issue("provider")];
    socket.send(offer(late.id));
    socket.send(offer(never.id));
    await untilWaiting(2);
    await evictDurableObject(peerHub(bindings, provider), { webSockets: "hibernate" });
    const tab = await connect(late);
    expect(await heard(tab)).toEqual({ type: "OPEN" });
    expect(await heard(tab)).toMatchObject({ type: "OFFER", dst: late.id });
    await evictDurableObject(peerHub(bindings, provider), { webSockets: "hibernate" });
    await later(limits.keptMs);
    expect(await heard(socket)).toMatchObject({ type: "EXPIRE", src: never.id });
    await untilWaiting(0);
  });

  it("of a consumer ends with its ticket, of a provider it does not", async () => {
    const { tab, page } = await both();
    await later(MINUTE);
    expect((await page.socket.closed).code).toBe(4003);
    await later(5 * MINUTE);
    const again = await connect(tab.place);
    expect((await tab.socket.closed).code).toBe(4002);
    again.close();
  });
});

describe("a provider's own place", () => {
  it("is made for its owner, and by nobody else", async () => {
    await newProvider(ann, provider);
    const place = await ann.post<PeerPlace>(`/api/providers/${provider}/peer`);
    expect(place.id).toMatch(/^[0-9a-f]{32}$/);
    expect(await heard(await connect(place))).toEqual({ type: "OPEN" });
    const stranger = await signedUp();
    expect((await stranger.call("POST", `/api/providers/${provider}/peer`)).status).toBe(404);
  });

  it("ends with the provider, and so do those of its consumers", async () => {
    await newProvider(ann, provider);
    const { tab, page } = await both();
    await ann.call("DELETE", `/api/providers/${provider}`);
    expect((await tab.socket.closed).code).toBe(4003);
    expect((await page.socket.closed).code).toBe(4003);
    expect((await ann.call("POST", `/api/providers/${provider}/peer`)).status).toBe(404);
  });
});

describe("what a signalling server answers besides", () => {
  it("describes itself", async () => {
    expect(await ann.get(`/peerjs/${provider}`)).toMatchObject({ name: "Tabarena" });
  });

  it("gives who has no ticket an id that the client takes for one, and that is refused", async () => {
    const answered = await ann.call("GET", `/peerjs/${provider}/peerjs/id?ts=1&version=1.5.5`);
    const id = await answered.text();
    expect(id).toMatch(/^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/);
    expect(await refusal(ann, addressOf({ id, token: "x" }))).toMatchObject({ type: "ERROR" });
  });

  it("tells nobody who is here", async () => {
    expect((await ann.call("GET", `/peerjs/${provider}/peerjs/peers`)).status).toBe(401);
  });

  it("is silent of what it has not, in JSON", async () => {
    const nothing = await ann.call("GET", `/peerjs/${provider}/other/id`);
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toMatchObject({ code: "not_found" });
  });
});

describe("ICE servers", () => {
  it("are none by default, and told to who is signed in", async () => {
    expect(await ann.get("/api/peers/ice")).toEqual({ iceServers: [] });
    await ann.call("DELETE", "/api/session");
    expect((await ann.call("GET", "/api/peers/ice")).status).toBe(401);
  });

  it("are STUN and TURN servers, each with what it wants to hear", () => {
    const turn = { urls: ["turn:turn.example.com:3478?transport=udp"], username: "u", credential: "c" };
    expect(v.is(IceServers, [{ urls: "stun:stun.example.com:3478" }, turn])).toBe(true);
    expect(v.is(IceServers, [{ urls: "https://example.com" }])).toBe(false);
    expect(v.is(IceServers, [{ urls: [] }])).toBe(false);
    expect(v.is(IceServers, [{ ...turn, password: "c" }])).toBe(false);
  });
});
