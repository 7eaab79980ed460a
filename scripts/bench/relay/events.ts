import type { IncomingMessage, ServerResponse } from "node:http";
import { MODEL } from "./model.ts";

/** Answers in OpenAI's stream format, as cheaply as they can be written: around each token the text is the same. */
export interface EventStream {
  token(text: string): void;
  end(): void;
  full(): boolean;
}

/** @param text must need no escapes in JSON */
export function openEvents(response: ServerResponse, id: string): EventStream {
  const created = Math.floor(Date.now() / 1000);
  const head = `data: {"id":"chatcmpl-${id}","object":"chat.completion.chunk","created":${created},"model":"${MODEL}","choices":[{"index":0,"delta":`;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write(`${head}{"role":"assistant","content":""},"finish_reason":null}]}\n\n`);
  return {
    token: (text) => void response.write(`${head}{"content":"${text}"},"finish_reason":null}]}\n\n`),
    end: () => void response.end(`${head}{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`),
    full: () => response.writableNeedDrain,
  };
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}
