import type { IncomingMessage } from "node:http";
import * as v from "valibot";
import { WebSocket } from "ws";
import { ErrorBody } from "../protocol/errors.ts";
import type { LinkWords } from "../provider/link.ts";
import type { Wires } from "../provider/wire.ts";

/** As long as a server that knows us needs to answer. */
const HANDSHAKE_MS = 15_000;

/** The platform's own bound of a message, which a request with pictures may come near. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export const agentWords = ({ origin }: URL): LinkWords => ({
  site: origin,
  self: "agent",
  replaced: "another agent with the same token connected",
});

/**
 * The WebSockets of a program, which come with its token.
 *
 * @param server the site's address: `http://localhost:8787`
 */
export function wiresTo(server: URL, token: string): Wires {
  const address = new URL("/link/provider", server);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return {
    afterTurn: (run) => void setImmediate(run),
    open({ onOpen, onText, onFault, onClose }) {
      const socket = new WebSocket(address, {
        headers: { authorization: `Bearer ${token}` },
        handshakeTimeout: HANDSHAKE_MS,
        maxPayload: MAX_MESSAGE_BYTES,
        // Deltas are too short for packing to pay.
        perMessageDeflate: false,
      });
      const refused = async (response: IncomingMessage): Promise<void> => {
        const { statusCode = 0 } = response;
        const why = `${statusCode} ${messageOf(await textOf(response))}`.trim();
        onFault({ why, soon: statusCode !== 401 && statusCode !== 403 });
        socket.terminate();
      };
      socket.on("open", onOpen);
      socket.on("message", (data) => onText(String(data)));
      socket.on("unexpected-response", (_request, response) => void refused(response));
      socket.on("error", (error) => onFault({ why: describe(error), soon: true }));
      socket.on("close", (code, reason) => onClose(code, String(reason)));
      return {
        get isOpen() {
          return socket.readyState === WebSocket.OPEN;
        },
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (text, onSent) => socket.send(text, onSent),
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      };
    },
  };
}

/** What a server says that opens no socket. */
async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part);
  } catch {
    // The status tells enough.
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The sentence of an answer that is no success: an `ErrorBody`, unless something between here and the site answered. */
function messageOf(text: string): string {
  try {
    const parsed = v.safeParse(ErrorBody, JSON.parse(text));
    if (parsed.success) return parsed.output.message;
  } catch {
    // Not of the site's.
  }
  // A page is for browsers: of some other server, or of a proxy in between.
  return /^\s*</.test(text) ? "" : text.slice(0, 300);
}

/** `connect ECONNREFUSED 127.0.0.1:8787`, whose own message is empty when several addresses were tried. */
function describe(error: Error): string {
  // OpenSSL's own sentence is about its source code.
  if ("code" in error && error.code === "EPROTO") return "it does not speak TLS: is it http:// there?";
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}
