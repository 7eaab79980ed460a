import { describe, expect, it } from "vitest";
import { endedContest, following, happened, judged } from "./resolver-testing.ts";
import { publishProblem, signedUp, type Socket, Visitor } from "./testing.ts";

/** What anybody may ask for. */
const addresses = ["", "/scoreboard", "/scoreboard?view=jury", "/awards", "/awards?view=jury"]
  .concat(["/statistics", "/recording", "/resolver/steps", "/submissions", "/clarifications"])
  .map((end) => `/api/contests/leaks${end}`);

/** A text without the moments in it, which are never the same twice. */
const withoutTimes = (text: string): string => text.replaceAll(/\b\d{13}\b/g, "T");

/** Every byte that the public got, from before the show up to its end, by position. */
interface Heard {
  socket: string[];
  http: string[];
}

async function wholeShow(presenter: Visitor, steps: number): Promise<Heard> {
  const heard: Heard = { socket: [], http: [] };
  const viewer = await following(new Visitor(), "leaks");
  const late = async (): Promise<string> => {
    const socket = await following(new Visitor(), "leaks");
    const message = await anything(socket);
    socket.close();
    return message;
  };
  // What was shown before the show began, or of the one before it.
  await anything(viewer);
  await presenter.post("/api/contests/leaks/resolver/begin");
  for (let shown = 0; shown <= steps; shown++) {
    if (shown > 0) await presenter.post("/api/contests/leaks/resolver/show", { to: shown });
    heard.socket.push((await anything(viewer)) + (await late()));
    heard.http.push((await Promise.all(addresses.map(publicAnswer))).join("\n"));
  }
  viewer.close();
  return heard;
}

const anything = async (socket: Socket): Promise<string> =>
  withoutTimes(JSON.stringify(await socket.next((message): message is unknown => message !== undefined)));

async function publicAnswer(address: string): Promise<string> {
  const answer = await new Visitor().call("GET", address);
  return withoutTimes(`${address} ${answer.status} ${await answer.text()}`);
}

describe("what viewers and everybody else receive during a show", () => {
  it("is the same, byte by byte, whatever the results are that are not told yet", async () => {
    const organiser = await signedUp("organiser");
    await publishProblem(organiser, "leaking");
    const id = await endedContest(organiser, "leaks", "leaking");
    const solved = await wholeShow(organiser, 12);
    await happened(id, [judged("bob-1", 2, "WA"), judged("cleo-1", 2, "WA")]);
    const failed = await wholeShow(organiser, 11);

    // Steps 1 to 3 are about Cleo, whose result is the same in both; 6 is Bob's verdict.
    expect(failed.socket.slice(0, 6)).toEqual(solved.socket.slice(0, 6));
    expect(failed.socket[6]).not.toEqual(solved.socket[6]);
    expect(solved.socket[6]).toContain('"result":"full"');
    expect(solved.http[0]).toContain("/scoreboard 200");
    expect(new Set([...solved.http, ...failed.http]).size).toBe(1);
  });
});
