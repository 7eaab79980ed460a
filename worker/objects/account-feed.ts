import { DurableObject } from "cloudflare:workers";
import type { LiveAccountMessage } from "../../protocol/submission.ts";
import type { Env } from "../env.ts";
import { acceptSocket, echoClose } from "./sockets.ts";

/**
 * One account's live feed: its open pages' sockets, and nothing else. A page reads its submissions over HTTP when its
 * socket opens and follows the messages from then on; every message is complete, so that hearing one twice is harmless.
 */
export class AccountFeed extends DurableObject<Env> {
  override fetch(): Response {
    return acceptSocket(this.ctx);
  }

  /** Sends to every page that the account has open. */
  push(message: LiveAccountMessage): void {
    const text = JSON.stringify(message);
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
  }

  override webSocketMessage(): void {
    // Pages have nothing to say here; pings are answered by the runtime.
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    echoClose(socket, code);
  }
}
