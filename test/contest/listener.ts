import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { addressesOf, getRoutes, type Fillings } from "./get-routes.ts";
import type { Person } from "./hall.ts";

/** Every frame that somebody gets on one socket, as text. */
export interface Listener {
  frames: string[];
  /** Waits until a frame came that the test is looking for, this one or one before. */
  heard(wanted: (frame: string) => boolean): Promise<void>;
  /** Resolves when all that was said before has come. */
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** Opens a live address and says the first thing, if anything is to be said. */
export function listen(url: string, { headers }: Person, path: string, first?: object): Listener {
  const socket = new WebSocket(url.replace("http", "ws") + path, { headers });
  const frames: string[] = [];
  let fault = "";
  socket.on("open", () => first && socket.send(JSON.stringify(first)));
  socket.on("message", (data) => frames.push(String(data)));
  socket.on("unexpected-response", (_request, { statusCode }) => frames.push(`refused: ${statusCode}`));
  socket.on("error", (error) => (fault = error.message));
  return {
    frames,
    async heard(wanted) {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20))
        if (frames.some(wanted)) return;
      throw new Error(`${path} never said it (${fault}), but:\n${frames.join("\n")}`);
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once("close", () => resolve());
        socket.close();
      }),
  };
}

/** What may come at an address: the default, what is the jury's alone, and what lists take. */
const QUERIES = ["", "?view=jury", "?contest=leaks&problem=A&team=alpha&verdict=AC&state=failed"];

/** What differs from answer to answer whatever is told; a body's length is told by the body. */
const OWN_HEADERS = new Set([
  "date",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "x-request-id",
]);

/** All that somebody gets from every GET route, by address: status, headers and body. */
export async function readAll(person: Person, fillings: Fillings): Promise<Map<string, string>> {
  const paths = getRoutes().flatMap((path) => addressesOf(path, fillings));
  const answers = new Map<string, string>();
  for (const path of paths) {
    const queries = path.startsWith("/api/") ? QUERIES : [""];
    const texts = queries.map(async (query) => [path + query, await answerTo(person, path + query)] as const);
    for (const [address, text] of await Promise.all(texts)) answers.set(address, text);
  }
  return answers;
}

async function answerTo(person: Person, path: string): Promise<string> {
  const answer = await person.send("GET", path);
  const headers = [...answer.headers].filter(([name]) => !OWN_HEADERS.has(name));
  return `${answer.status} ${JSON.stringify(headers)} ${await answer.text()}`;
}

/** Moments and lengths in milliseconds, which are never the same twice; minutes stay. */
export const withoutTimes = (text: string): string =>
  text.replaceAll(/(?<![\w-])\d{5,}(?![\w-])/g, "T").replaceAll(/(?<="freezeMs":)\d+/g, "T");

/** A text of which every random id is replaced by the number of its first appearance, over all texts that are given. */
export function withoutIds(): (text: string) => string {
  const known = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = known.get(id) ?? `id ${known.size + 1}`;
    known.set(id, name);
    return name;
  };
  // The tag of an answer is made of its bytes, ids and times included.
  return (text) =>
    text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, nameOf)
      .replaceAll(/\["etag","[^\]]*"\]/g, '["etag"]');
}
