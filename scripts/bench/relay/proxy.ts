import { Agent, createServer, request as ask } from "node:http";
import { pipeline } from "node:stream";
import { serve } from "./parent.ts";

/** A process: hands requests on to the engine at the given address, and its answers back, unseen. */
const [engine = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxFreeSockets: 4096 });

serve(
  createServer((request, response) => {
    const { method, headers, url = "/" } = request;
    const asked = ask(new URL(url, engine), { agent, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      // Ends the one when the other does.
      pipeline(answer, response, () => {});
    });
    response.once("close", () => asked.destroy());
    asked.once("error", () => response.destroy());
    request.pipe(asked);
  }),
);
