import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { WebSocket } from "ws";
import type { Offer } from "../../protocol/offer.ts";
import { MarketMessage, PROVIDER_PROTOCOL, type ProviderMessage } from "../../protocol/provider.ts";
import type { Role } from "../../protocol/account.ts";
import { migrate, readMigrations } from "../../scripts/migrate.ts";
import { startServer } from "../../scripts/server.ts";

/** The real Worker with an empty database of its own, and the built client. */
export interface RealSite {
  url: string;
  /** Makes an account; returns the cookie of its session, and nothing that it could sign in with again. */
  account(username: string, role: v.InferOutput<typeof Role>): Promise<{ name: string; value: string }>;
  close(): Promise<void>;
}

/** @param allowance credits of a new account that signs up */
export async function openRealSite(allowance: string): Promise<RealSite> {
  const data = mkdtempSync(join(tmpdir(), "tabarena-pages-"));
  const server = await startServer(data, (line) => console.error(`site  | ${line}`), {
    // So that the ledger shows an account as its requests leave it.
    HOLD_AHEAD_MS: 0,
    ALLOWANCE_CREDITS: allowance,
  });
  await migrate(await server.database(), readMigrations());
  return {
    url: await server.open("127.0.0.1", 0),
    async account(username, role) {
      const [id, value, now] = [randomUUID(), randomBytes(32).toString("hex"), Date.now()];
      const database = await server.database();
      await database.batch([
        database
          .prepare(
            `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
             VALUES (?, ?, ?, '-', ?, ?)`,
          )
          .bind(id, username, username, role, now),
        database
          .prepare("INSERT INTO sessions (token_hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)")
          .bind(createHash("sha256").update(value).digest("hex"), id, now, now + 3_600_000),
      ]);
      return { name: "session", value };
    },
    async close() {
      await server.close();
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * A provider on the real link that answers every job with these tokens, one delta each.
 * @param offer what it offers, with two slots
 * @returns how to end it
 */
export async function connectProvider(
  url: string,
  token: string,
  offer: Offer,
  answer: readonly string[],
): Promise<() => void> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/link/provider`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const say = (message: ProviderMessage): void => socket.send(JSON.stringify(message));
  const welcomed = new Promise<void>((resolve, reject) => {
    socket.on("message", (data) => {
      const message = v.parse(MarketMessage, JSON.parse(String(data)));
      if (message.type === "welcome") resolve();
      if (message.type === "unwelcome") reject(new Error(message.message));
      if (message.type !== "job") return;
      const { job } = message;
      say({ type: "accept", job, promptTokens: 10 });
      for (const [seq, text] of answer.entries()) say({ type: "delta", job, seq, text, tokenCount: 1 });
      say({
        type: "finished",
        job,
        reason: "stop",
        deltas: answer.length,
        usage: { promptTokens: 10, cachedPromptTokens: 4, completionTokens: answer.length },
        timings: null,
      });
    });
    socket.on("error", reject);
  });
  await once(socket, "open");
  say({
    type: "hello",
    protocols: [PROVIDER_PROTOCOL],
    agent: "tabarena-agent 0.1.0",
    kind: "native",
    slots: 2,
    offers: [offer],
    holding: [],
  });
  await welcomed;
  return () => socket.terminate();
}
