import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { browserPath, launchBrowser } from "../browser.ts";
import { dial, newScene, type PeerScene, say, startPeer, wayOf } from "./peer-pages.ts";
import { startMarket, type MarketSite } from "./site.ts";

/** Whether the client of PeerJS, as it is, behaves at our signalling server as at its own. */

/** Short, so that a test sees the end of what waits and of who is silent. */
const PEER_LIMITS = {
  peers: 16,
  places: 64,
  placesPerAccount: 8,
  messagesPerSecond: 50,
  kept: 64,
  keptMs: 1_500,
  silenceMs: 8_000,
};

const PATIENCE = { timeout: 30_000 };

let site: MarketSite;
let browser: Browser;
let scene: PeerScene;

/** WebRTC finds no way where a machine has no other address than its own. */
const isAlone = Object.values(networkInterfaces()).every((found) => found?.every(({ internal }) => internal));
const skipped = browserPath === null ? " (skipped: Chromium is not installed)" : "";

describe.skipIf(browserPath === null)(`the client of PeerJS${skipped}`, () => {
  beforeAll(async () => {
    const limits = { acceptMs: 10_000, totalMs: 300_000 };
    site = await startMarket({ limits, vars: { PEER_LIMITS } });
    browser = await launchBrowser();
  });
  afterEach(() => scene.close());
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.skipIf(isAlone)(
    `exchanges data with another over a channel of WebRTC${isAlone ? " (skipped: this machine has a loopback only)" : ""}`,
    async () => {
      scene = await newScene(site, browser);
      const tab = await startPeer(scene.tab, scene);
      await expect.poll(tab.events, PATIENCE).toEqual(["open"]);
      const page = await startPeer(scene.page, scene);
      await expect.poll(page.events, PATIENCE).toEqual(["open"]);
      await dial(page, scene.tab.place.id);
      await expect.poll(page.events, PATIENCE).toEqual(["open", "connected"]);
      await expect.poll(tab.events, PATIENCE).toEqual(["open", "connection", "connected"]);
      await say(page, { ask: "Ação?" });
      await expect.poll(async () => (await tab.events()).at(-1), PATIENCE).toBe('data {"ask":"Ação?"}');
      await say(tab, { tell: 1 });
      await expect.poll(async () => (await page.events()).at(-1), PATIENCE).toBe('data {"tell":1}');
      console.info(`the channel's way: ${await wayOf(page)}`);
      expect(await wayOf(page)).toMatch(/^(host|prflx) - (host|prflx) \(udp\)$/);

      // The channel needs the hub no more; a page that takes its leave ends it.
      await tab.inPage.evaluate(({ peer }) => peer.disconnect());
      await say(tab, { tell: 2 });
      await expect.poll(async () => (await page.events()).at(-1), PATIENCE).toBe('data {"tell":2}');
      await tab.inPage.evaluate(({ peer }) => peer.reconnect());
      await expect.poll(async () => (await tab.events()).at(-1), PATIENCE).toBe("open");
      await tab.inPage.evaluate(
        ({ peer }, dst) => peer.socket.send({ type: "LEAVE", dst }),
        scene.page.place.id,
      );
      await expect.poll(async () => (await page.events()).at(-1), PATIENCE).toBe("connection closed");
    },
  );

  it("is told that its id is taken by who has it with another token, who stays", async () => {
    scene = await newScene(site, browser);
    const first = await startPeer(scene.tab, scene);
    await expect.poll(first.events, PATIENCE).toEqual(["open"]);
    const second = await startPeer(scene.tab, scene, { token: "another" });
    await expect
      .poll(second.events, PATIENCE)
      .toEqual([`error unavailable-id: ID "${scene.tab.place.id}" is taken`, "disconnected"]);
    expect(await first.events()).toEqual(["open"]);
  });

  it("takes its old socket's place with the same token, and is asked instead of it", async () => {
    scene = await newScene(site, browser);
    const old = await startPeer(scene.tab, scene);
    await expect.poll(old.events, PATIENCE).toEqual(["open"]);
    const page = await startPeer(scene.page, scene);
    await expect.poll(page.events, PATIENCE).toEqual(["open"]);
    const again = await startPeer(scene.tab, scene);
    await expect
      .poll(old.events, PATIENCE)
      .toEqual(["open", "error network: Lost connection to server.", "disconnected"]);
    await dial(page, scene.tab.place.id);
    await expect.poll(async () => (await again.events()).slice(0, 1), PATIENCE).toEqual(["connection"]);
    expect(await old.events()).not.toContain("connection");
  });

  it("opens anew after it was disconnected", async () => {
    scene = await newScene(site, browser);
    const tab = await startPeer(scene.tab, scene);
    await expect.poll(tab.events, PATIENCE).toEqual(["open"]);
    await tab.inPage.evaluate(({ peer }) => peer.disconnect());
    await tab.inPage.evaluate(({ peer }) => peer.reconnect());
    // The end of the old socket may come after the new one, which is not greeted then.
    await expect
      .poll(
        async () => (await tab.inPage.evaluate(({ peer }) => !peer.disconnected)) && tab.events(),
        PATIENCE,
      )
      .toEqual(expect.arrayContaining(["open", "disconnected"]));
    const page = await startPeer(scene.page, scene);
    await expect.poll(page.events, PATIENCE).toEqual(["open"]);
    await dial(page, scene.tab.place.id);
    await expect.poll(async () => (await tab.events()).includes("connection"), PATIENCE).toBe(true);
  });

  it("hears once that a peer is not there, for all that it has sent to it", async () => {
    scene = await newScene(site, browser);
    const { id } = await scene.emptyPlace();
    const other = await scene.another();
    const page = await startPeer(scene.page, scene);
    await expect.poll(page.events, PATIENCE).toEqual(["open"]);
    // Away, unknown, and of the same side though there.
    await expect.poll((await startPeer(other, scene)).events, PATIENCE).toEqual(["open"]);
    const wanted = [id, "made-up", other.place.id];
    for (const to of wanted) await dial(page, to);
    const told = wanted.map((to) => `error peer-unavailable: Could not connect to peer ${to}`);
    await expect
      .poll(async () => (await page.events()).slice(1).toSorted(), PATIENCE)
      .toEqual(told.toSorted());
    await sleep(3 * PEER_LIMITS.keptMs);
    expect(await page.events()).toHaveLength(1 + told.length);
  });

  it("is there as long as it sends its heartbeats, and is sent away when it does not", async () => {
    scene = await newScene(site, browser);
    const lively = await startPeer(scene.tab, scene, { pingInterval: 1_000 });
    const silent = await startPeer(scene.page, scene, { pingInterval: 1_000_000 });
    await expect
      .poll(silent.events, PATIENCE)
      .toEqual(["open", "error network: Lost connection to server.", "disconnected"]);
    await sleep(PEER_LIMITS.silenceMs);
    expect(await lively.events()).toEqual(["open"]);
  });

  it("says in words why it may not come", async () => {
    scene = await newScene(site, browser);
    const { tab, page } = scene;
    const stranger = { ...page, place: tab.place };
    const refusals: [Promise<{ events(): Promise<string[]> }>, string][] = [
      [startPeer(tab, scene, { key: "another" }), 'error invalid-key: API KEY "another" is invalid'],
      [
        startPeer(tab, scene, { id: "made-up" }),
        "error server-error: The id is unknown, or its ticket has expired",
      ],
      // The one that the server gives where there is no ticket.
      [
        startPeer(tab, scene, { id: null }),
        "error server-error: The id is unknown, or its ticket has expired",
      ],
      [
        startPeer(tab, scene, { provider: "another-provider" }),
        "error server-error: The id is unknown, or its ticket has expired",
      ],
      [startPeer(stranger, scene), "error server-error: The id belongs to another account"],
    ];
    for (const [peer, told] of refusals)
      await expect.poll((await peer).events, PATIENCE).toEqual([told, "disconnected"]);
    await page.page.context().clearCookies();
    const nobody = await page.page.evaluate(
      ({ at, id, token }) =>
        new Promise<string>((resolve) => {
          const { hostname: host, port } = location;
          const path = `/peerjs/${at}`;
          const peer = new peerjs.Peer(id, { host, port: Number(port), path, secure: false, token });
          peer.on("error", ({ type, message }) => resolve(`${type}: ${message}`));
        }),
      { at: scene.provider, ...page.place },
    );
    expect(nobody).toBe("server-error: Sign in first: an id belongs to an account");
  });

  it("gets no list of who is there", async () => {
    scene = await newScene(site, browser);
    const tab = await startPeer(scene.tab, scene);
    await expect.poll(tab.events, PATIENCE).toEqual(["open"]);
    await tab.inPage.evaluate(({ peer }) => peer.listAllPeers());
    await expect.poll(tab.events, PATIENCE).toEqual(["open", "error server-error: ", "disconnected"]);
  });
});
