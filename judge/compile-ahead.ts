import { createHash } from "node:crypto";
import { access, mkdir, rename } from "node:fs/promises";
import { compilerLimits, environment, MIB } from "./limits.ts";
import { type Sandbox, SandboxError } from "./sandbox.ts";
import type { Toolchain } from "./slot.ts";
import type { Store } from "./store.ts";

/**
 * Makes what a language's compiler wants to find ready (C++: its library's header; Go: its library), unless this store
 * has it.
 *
 * @returns the folder of the store to be shown at /pch
 * @throws SandboxError when the compiler cannot make it
 */
export async function compileAhead(
  sandbox: Sandbox,
  store: Store,
  { language, version }: Toolchain,
): Promise<string> {
  const { ahead } = language;
  if (ahead === undefined) throw new TypeError(`${language.id} has nothing to be made ahead`);
  const key = createHash("sha256").update(
    JSON.stringify([version, process.arch, ahead.files, ahead.command]),
  );
  const folder = `pch/${language.id}-${version}-${key.digest("hex").slice(0, 12)}`;
  if (await exists(store.absolute(folder))) return folder;
  const draft = await store.newFolder("source", "made");
  for (const [name, text] of Object.entries(ahead.files)) await store.write(`${draft}/source/${name}`, text);
  const ending = await sandbox.run({
    argv: ahead.command,
    env: environment,
    input: null,
    collect: `${draft}/made`,
    mounts: [{ from: `${draft}/source`, to: "/box" }],
    limits: { ...compilerLimits(240_000, 2048), workBytes: 1024 * MIB, workInodes: 16_384 },
  });
  if (ending.exitCode !== 0 || ending.notCollected !== null) {
    const said = ending.notStarted ?? ending.notCollected ?? new TextDecoder().decode(ending.stderr);
    throw new SandboxError(`the ${ahead.what} of ${language.id} could not be compiled ahead: ${said}`);
  }
  await mkdir(store.absolute("pch"), { recursive: true });
  // Whoever comes second leaves the first one's, which is as good.
  await rename(store.absolute(`${draft}/made`), store.absolute(folder)).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
  });
  await store.remove(draft);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
