import { on, once } from "node:events";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoContest } from "../problems/demo.ts";
import { SessionView } from "../protocol/account.ts";
import { Clarification, ClarificationList, LiveClarification } from "../protocol/clarification.ts";
import { LiveAccountMessage } from "../protocol/submission.ts";
import { Client, startSite, temporaryFolder, type Site } from "./site.ts";

const CONTEST = `/api/contests/${demoContest.slug}`;
const PATH = `${CONTEST}/clarifications`;

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  data = temporaryFolder();
  site = await startSite(data.path, ["--no-judge"]);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await site.end("SIGINT");
  data.remove();
});

/** What the account is told of clarifications from now on, one after the other. */
async function follow(client: Client): Promise<() => Promise<LiveClarification>> {
  const socket = client.liveFeed();
  sockets.push(socket);
  const messages = on(socket, "message", { close: ["close"] });
  await once(socket, "open");
  return async () => {
    for (;;) {
      const { value, done } = await messages.next();
      if (done === true) throw new Error("the live feed has ended");
      const message = v.parse(LiveAccountMessage, JSON.parse(String(value[0])));
      if (message.type === "clarification") return message;
    }
  };
}

async function team(username: string): Promise<Client> {
  const client = new Client(site.url);
  await client.call("POST", "/api/accounts", SessionView, { username, password: "correct horse" });
  await client.call("POST", `${CONTEST}/teams`, v.unknown(), { name: username });
  return client;
}

const key = (): string => crypto.randomUUID();

describe("a question to the jury of a site", () => {
  it("is heard, answered to all, told to every team, and still there after a restart", async () => {
    const jury = new Client(site.url);
    const password = site.password("admin");
    await jury.call("POST", "/api/session", SessionView, { login: "admin", password });
    const [asker, other] = [await team("askers"), await team("others")];
    const [juryHears, askerHears, otherHears] = [
      await follow(jury),
      await follow(asker),
      await follow(other),
    ];

    const ask = { type: "ask", key: key(), problem: "A", text: "May n be zero?" };
    const question = await asker.call("POST", PATH, Clarification, ask);
    expect((await asker.call("POST", PATH, Clarification, ask)).id).toBe(question.id);
    expect(await juryHears()).toMatchObject({ contest: demoContest.slug, unanswered: 1 });

    await jury.call("POST", `${PATH}/${question.id}/queue`, Clarification, { step: "claim" });
    const answer = { type: "answer", key: key(), replyTo: question.id, to: "all", text: "It may not." };
    await jury.call("POST", PATH, Clarification, answer);
    expect((await askerHears()).said).toBeNull();
    expect((await askerHears()).said?.text).toBe("It may not.");
    expect((await otherHears()).said?.text).toBe("It may not.");

    for (const socket of sockets.splice(0)) socket.close();
    await site.end("SIGINT");
    site = await startSite(data.path, ["--no-judge"]);
    const stranger = new Client(site.url);
    const { clarifications } = await stranger.call("GET", PATH, ClarificationList);
    expect(clarifications).toMatchObject([
      { kind: "answer", quote: "May n be zero?", text: "It may not.", from: null, replyTo: null },
    ]);
  });
});
