import { languages } from "../protocol/language.ts";
import { type Floor, openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { nodeMount } from "./languages/javascript.ts";
import { precompileHeader } from "./precompiled-header.ts";
import { openSandbox, type Sandbox, SandboxError } from "./sandbox.ts";
import { buildSupervisor, BuildError } from "./sandbox/build.ts";
import type { Slot, Toolchains } from "./slot.ts";
import type { Store } from "./store.ts";
import { findToolchains, type Missing } from "./toolchains.ts";

/** What this host can do: judge in so many slots, or nothing and why. */
export interface Ability {
  /** Null when no isolation holds: then there are no slots, since nothing ever runs unsandboxed. */
  level: Sandbox["level"] | null;
  reason: string;
  slots: readonly Slot[];
  toolchains: Toolchains;
  missing: readonly Missing[];
  close(): Promise<void>;
}

/**
 * Finds out by trying: builds the supervisor, opens a slot and runs programs in it.
 *
 * @param count - how many slots to open
 * @param say - told in a line when the precompiled header is ready or cannot be made, which is after this returns
 */
export async function openJudge(store: Store, count: number, say: (line: string) => void): Promise<Ability> {
  const sandboxes: Sandbox[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  };
  try {
    const supervisor = await buildSupervisor();
    const open = async (slot: number): Promise<Sandbox> => {
      const sandbox = await openSandbox({
        supervisor,
        store: store.root,
        slot,
        level: "full",
        binds: [nodeMount],
      });
      sandboxes.push(sandbox);
      return sandbox;
    };
    const first = await open(0);
    const { toolchains, missing } = await findToolchains(first, store);
    for (let slot = 1; slot < count; slot++) await open(slot);
    const shared = { floor: openFloor(), hostLoad: openHostLoad(null) };
    const header = startHeader(() => open(count), store, toolchains, shared.floor, say);
    const slots = sandboxes
      .slice(0, count)
      .map((sandbox) => ({ sandbox, store, toolchains, header, ...shared }));
    return {
      level: first.level,
      reason: `root, ${first.reason}`,
      slots,
      toolchains,
      missing,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    if (!(error instanceof SandboxError || error instanceof BuildError)) throw error;
    const nothing = { level: null, slots: [], toolchains: new Map(), missing: [] };
    return { ...nothing, reason: error.message, close: () => Promise.resolve() };
  }
}

/** Precompiles the C++ header beside the first submissions, in a slot of its own that ends afterwards. */
function startHeader(
  open: () => Promise<Sandbox>,
  store: Store,
  toolchains: Toolchains,
  floor: Floor,
  say: (line: string) => void,
): () => string | null {
  let folder: string | null = null;
  const make = async (): Promise<void> => {
    const toolchain = toolchains.get("cpp");
    if (toolchain === undefined) return;
    const sandbox = await open();
    try {
      folder = await floor.beside(() => precompileHeader(sandbox, store, toolchain));
      say(`${languages.cpp.name} header precompiled`);
    } finally {
      await sandbox.close();
    }
  };
  make().catch((error: unknown) => {
    // Compiling goes on without it, only slower; the judge may also just be ending.
    say(
      `${languages.cpp.name} header not precompiled: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return () => folder;
}
