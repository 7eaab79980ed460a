/** Pages send this word to find out whether their connection lives; the runtime answers without waking the object. */
const PING = new WebSocketRequestResponsePair("ping", "pong");

/** Answers an upgrade with a hibernating socket. */
export function acceptSocket(ctx: DurableObjectState, tags: string[] = []): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.setWebSocketAutoResponse(PING);
  ctx.acceptWebSocket(server, tags);
  return new Response(null, { status: 101, webSocket: client });
}

/**
 * Completes the closing handshake: without an answer the other side of a hibernating socket never sees its close.
 * 1005 and 1006 are reported for "no code" and "lost" and may not be sent (RFC 6455, section 7.4.1).
 */
export function echoClose(socket: WebSocket, code: number): void {
  const unsendable = code === 1005 || code === 1006 || code === 1015;
  socket.close(unsendable ? 1000 : code, "goodbye");
}
