import * as v from "valibot";
import { errorStatus, type ErrorBody, type ErrorCode } from "../protocol/errors.ts";
import type { Env } from "./env.ts";

/** What a guard or a handler gets to know of a request. */
export interface Call {
  request: Request;
  url: URL;
  params: Readonly<Record<string, string>>;
  env: Env;
  ctx: ExecutionContext;
}

/** A refusal that may be told to the caller as it is. Anything else thrown becomes `internal`, without its text. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: string[] | undefined;
  readonly retryAfterS: number | undefined;

  /**
   * `message` is one sentence for people; `details` names each thing that was wrong; `retryAfterS` says, where it helps,
   * how many seconds to wait.
   */
  constructor(code: ErrorCode, message: string, details?: string[], retryAfterS?: number) {
    super(message);
    this.code = code;
    this.details = details;
    this.retryAfterS = retryAfterS;
  }
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json; charset=utf-8");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  return new Response(JSON.stringify(body), { ...init, headers });
}

export function errorResponse(error: unknown): Response {
  if (error instanceof ApiError) {
    const body: ErrorBody = { code: error.code, message: error.message };
    if (error.details) body.details = error.details;
    const headers = new Headers();
    if (error.retryAfterS !== undefined) headers.set("retry-after", String(error.retryAfterS));
    return json(body, { status: errorStatus[error.code], headers });
  }
  // The operator needs the cause, the caller must not see it.
  console.error(error);
  return json({ code: "internal", message: "Something went wrong on our side." } satisfies ErrorBody, {
    status: 500,
  });
}

/** Of bodies up to so many times their limit all is taken in before they are refused. */
const HEARD_OUT = 4;

/**
 * Reads a body of at most `limit` bytes.
 * Refuses by the announced length where there is one. What is not much larger is taken in all the same, without being kept: many
 * clients listen only when they have sent all, and know of a connection that closes before that no more than that it broke.
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new ApiError("too_large", `The request body is larger than ${limit} bytes.`);
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limit && announced <= HEARD_OUT * limit)
    await request.body?.pipeTo(new WritableStream()).catch(() => undefined);
  if (announced > limit) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // Who sends less than was announced, or leaves meanwhile, is at fault, and not this server.
    throw new ApiError("invalid_request", "The request body broke off before its end.");
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

const JSON_LIMIT = 2 * 1024 * 1024;

/** Reads a JSON body and parses it with `schema`; every mismatch is named in the error's details. */
export async function readJson<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  return (await readJsonBytes(request, schema, JSON_LIMIT)).body;
}

/** Like `readJson`, of at most `limit` bytes, with the bytes as they came. */
export async function readJsonBytes<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; body: v.InferOutput<Schema> }> {
  const bytes = await readBytes(request, limit);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new ApiError("malformed_json", "The request body is not valid JSON in UTF-8.");
  }
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { bytes, body: parsed.output };
  const details = parsed.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path ? `${path}: ${issue.message}` : issue.message;
  });
  throw new ApiError("invalid_request", "The request has fields that are missing or wrong.", details);
}

/** A required path parameter; the route table guarantees that it is there, though not that it is percent-encoded well. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  try {
    return decodeURIComponent(value);
  } catch {
    throw new ApiError("not_found", "There is nothing at this address.");
  }
}

/** Where a request comes from, for rate limits. */
export const addressOf = (request: Request): string => request.headers.get("cf-connecting-ip") ?? "local";

/** Refuses when `key` has used up its share of a minute. */
export async function rateLimit(limit: RateLimit, key: string): Promise<void> {
  const { success } = await limit.limit({ key });
  if (!success)
    throw new ApiError("rate_limited", "Too many requests in one minute. Wait a little and try again.");
}
