import { DurableObject } from "cloudflare:workers";

/**
 * What floor.ts does, as a Worker with a Durable Object: it looks at no key, counts and pays nothing, believes whatever it is
 * told, and lets whatever it can't write at once wait without bound. Not a part of the site.
 */
export class Bare extends DurableObject {
  encoder = new TextEncoder();
  streams = new Map();
  jobs = 0;

  async fetch(request) {
    if (request.headers.get("upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    const { model, messages, max_tokens: maxTokens } = await request.json();
    const job = `bare-job-${this.jobs++}`;
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const created = Math.floor(Date.now() / 1000);
    const head = `data: {"id":"chatcmpl-${job}","object":"chat.completion.chunk","created":${created},"model":"${model}","choices":[{"index":0,"delta":`;
    this.streams.set(job, { writer, head });
    writer.closed.catch(() => this.streams.delete(job) && this.tell({ type: "cancel", job }));
    this.write(writer, `${head}{"role":"assistant","content":""},"finish_reason":null}]}\n\n`);
    this.tell({ type: "job", job, offer: "bench", request: { type: "chat", messages, maxTokens } });
    return new Response(readable, { headers: { "content-type": "text/event-stream" } });
  }

  webSocketMessage(_socket, data) {
    const frame = JSON.parse(data);
    for (const message of Array.isArray(frame) ? frame : [frame]) this.hear(message);
  }

  hear({ type, job, text }) {
    if (type === "hello") this.tell({ type: "welcome", protocol: 1, provider: "bare", heartbeatMs: 30_000 });
    const stream = this.streams.get(job);
    if (!stream) return;
    const { writer, head } = stream;
    if (type === "delta") this.write(writer, `${head}{"content":"${text}"},"finish_reason":null}]}\n\n`);
    if (type !== "finished") return;
    this.streams.delete(job);
    this.write(writer, `${head}{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`);
    writer.close().catch(() => undefined);
  }

  write(writer, text) {
    writer.write(this.encoder.encode(text)).catch(() => undefined);
  }

  tell(message) {
    for (const socket of this.ctx.getWebSockets()) socket.send(JSON.stringify(message));
  }
}

export default {
  fetch: (request, { BARE }) => BARE.getByName("main").fetch(request),
};
