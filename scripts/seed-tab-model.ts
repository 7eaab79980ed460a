import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { TabModelShelf, type SetTabModel } from "../protocol/tab-model.ts";
import { Weights } from "../protocol/weights.ts";
import { readGgufFacts } from "../rules/gguf-facts.ts";
import { ggufModel } from "../rules/gguf-model.ts";
import { ROOT } from "./folders.ts";
import { caller } from "./seed.ts";
import type { Server } from "./server.ts";

const MODEL = "tabarena-tiny";

/**
 * Gives provider tabs the model that comes with the agent, by the requests that an administrator's page makes. One that is
 * there with the same weights stays as it is, switched off too.
 *
 * @param cookie of an administrator's session
 * @returns whether anything was done
 */
export async function seedTabModel(server: Server, cookie: string): Promise<boolean> {
  const call = caller(server, cookie);
  const bytes = new Uint8Array(readFileSync(join(ROOT, "agent", "model", `${MODEL}.gguf`)));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { models } = await call("GET", "/api/organise/tab-models", TabModelShelf);
  const known = models.find(({ model }) => model.name === MODEL);
  if (known?.model.files.some((file) => file.sha256 === sha256)) return false;
  const facts = readGgufFacts(bytes);
  if (facts === "more" || facts === "unknown" || facts.contextTokens === null)
    throw new Error(`${MODEL}.gguf does not tell what it is`);
  const file = { name: `${MODEL}.gguf`, sha256, bytes: bytes.length };
  await call("PUT", `/api/weights/${sha256}?name=${file.name}`, Weights, bytes);
  const body: SetTabModel = {
    model: ggufModel(MODEL, file, facts, facts.contextTokens),
    enabled: known?.enabled ?? true,
  };
  await call("PUT", `/api/tab-models/${MODEL}`, v.unknown(), body);
  return true;
}
