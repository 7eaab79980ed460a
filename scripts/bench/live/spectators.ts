import { once } from "node:events";
import { type RawData, WebSocket } from "ws";
import { now } from "../relay/clock.ts";
import { endWithParent, tellParent } from "../relay/parent.ts";
import type { SpectatorsMessage } from "./messages.ts";

/** Many spectators' sockets, in a process of their own: each message is timed and measured, and none is read. */

const [address, count] = [process.argv[2] ?? "", Number(process.argv[3])];

/** So many ask for their board at once. */
const AT_ONCE = 20;

const say = (message: SpectatorsMessage): void => tellParent(message);

let at: number[] = [];
let isFollowing = false;

function heard(data: RawData): void {
  if (!isFollowing) return;
  at.push(now());
  if (at.length < count) return;
  say({ type: "told", at, bytes: bytesOf(data) });
  at = [];
}

const bytesOf = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;

/** @returns the bytes of its board */
async function follow(): Promise<number> {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "follow", epoch: null, since: null }));
  const board = await new Promise<RawData>((first) => socket.once("message", first));
  socket.on("message", heard);
  return bytesOf(board);
}

endWithParent();
say({ type: "ready" });
const began = now();
let boardBytes = 0;
let left = count;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) boardBytes = await follow();
  }),
);
isFollowing = true;
say({ type: "following", tookMs: now() - began, boardBytes });
