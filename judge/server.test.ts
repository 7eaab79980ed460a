import { once } from "node:events";
import { createServer, type RequestListener, type Server as HttpServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { JudgingFailure } from "./failure.ts";
import { connectServer, type Server } from "./server.ts";

/** Long enough for two more tries. */
const PATIENCE_MS = 1600;

describe("what a judge asks of the site", () => {
  let http: HttpServer;

  afterEach(() => {
    http.close();
    http.closeAllConnections();
  });

  /** A site that answers one request after the other as it is told, the last way for ever. */
  const connect = async (...answers: RequestListener[]): Promise<Server> => {
    let next = 0;
    http = createServer((request, response) =>
      answers[Math.min(next++, answers.length - 1)]?.(request, response),
    );
    await once(http.listen(0, "127.0.0.1"), "listening");
    const address = http.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return connectServer(new URL(`http://127.0.0.1:${address.port}`), "a token", PATIENCE_MS);
  };

  const breaksOff: RequestListener = (_request, response) => {
    response.writeHead(200, { "content-length": 1000 });
    response.write("the beginn");
    setTimeout(() => response.destroy(), 50);
  };
  const closesAtOnce: RequestListener = (_request, response) => response.destroy();
  const says =
    (status: number, body: string): RequestListener =>
    (_request, response) =>
      void response.writeHead(status).end(body);

  it.each([
    ["the server dies in the middle of its answer", breaksOff],
    ["the server dies before it answers", closesAtOnce],
    ["the server is starting", says(503, '{"code":"starting","message":"Starting."}')],
    ["it asked too often", says(429, "")],
  ])("is asked again when %s", async (_when, first) => {
    const server = await connect(first, says(200, "a package"));
    expect(new TextDecoder().decode(await server.fetchPackage("hash"))).toBe("a package");
  });

  it("fails at once, with the site's words, when that understood and refuses", async () => {
    const body = JSON.stringify({
      code: "lease_not_held",
      message: "Not your lease.",
      details: ["It is 7's."],
    });
    const server = await connect(says(409, body), says(200, "{}"));
    const answer = server.fetchSource("lease/1");
    await expect(answer).rejects.toBeInstanceOf(JudgingFailure);
    await expect(answer).rejects.toThrow(
      "the server did not give /link/judge/leases/lease%2F1/source: 409 Not your lease. It is 7's.",
    );
  });

  it("fails with the last reason when the server stays away", async () => {
    const server = await connect(closesAtOnce);
    await expect(server.fetchPackage("hash")).rejects.toThrow(
      /^the server did not give \/link\/judge\/packages\/hash: fetch failed: \S/,
    );
  });

  it.each(["", "null", "[]", '{"files":[],"entryPoint":null,"input":null}', "<html>"])(
    "fails when a source is %j",
    async (body) => {
      const server = await connect(says(200, body));
      await expect(server.fetchSource("1")).rejects.toThrow("the server gave something else than a source");
    },
  );

  it("fails when the hash of kept evidence is none", async () => {
    const server = await connect(says(200, '{"hash":"no"}'));
    await expect(server.sendEvidence("1", { runs: [] })).rejects.toThrow(
      "the server gave something else than the hash of what it keeps",
    );
  });
});
