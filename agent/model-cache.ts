import { createHash } from "node:crypto";
import { access, mkdir, rename } from "node:fs/promises";
import { join, posix, win32 } from "node:path";
import { ggufArtifact } from "./artifact.ts";
import { download, type DownloadOptions, forgetPart } from "./download.ts";
import { shown } from "./download-request.ts";
import { bytes } from "./download-progress.ts";
import { writeFault } from "./file-errors.ts";
import { type LockWaits, withLock } from "./file-lock.ts";
import { reasonOf } from "./upstream.ts";

/** A model's file that is somewhere on the web. */
export interface RemoteModel {
  url: URL;
  /** In hexadecimal digits; null where nobody knows. */
  sha256: string | null;
  /** For the server at that address; null for none. */
  key: string | null;
  /** Where files are kept. */
  folder: string;
}

/**
 * Where programs keep what they can fetch again.
 *
 * @param env of which XDG_CACHE_HOME, and on Windows LOCALAPPDATA, are read
 */
export function cacheFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === "win32")
    return win32.join(env["LOCALAPPDATA"] || win32.join(home, "AppData", "Local"), "tabarena", "models");
  if (platform === "darwin") return posix.join(home, "Library", "Caches", "tabarena", "models");
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  // One that is relative is to be passed over, as its specification says.
  return posix.join(posix.isAbsolute(xdg) ? xdg : posix.join(home, ".cache"), "tabarena", "models");
}

/** A file's name in the cache: another for each address, and for each checksum that is asked for. */
export function cachedName({ url, sha256 }: Pick<RemoteModel, "url" | "sha256">): string {
  const name = decodedName(url)
    .replaceAll(/[^A-Za-z0-9._-]/g, "_")
    .slice(-100);
  const place = createHash("sha256").update(`${url.origin}${url.pathname}${url.search} ${sha256 ?? ""}`);
  return `${place.digest("hex").slice(0, 12)}-${name || "model"}`;
}

/**
 * The file of a model, fetched if it is not there yet. Another agent that fetches the same is waited for.
 *
 * @returns its path
 * @throws Error with a sentence if it can't be had, or is another file than its checksum says; that one is put aside
 */
export async function fetchModel(
  model: RemoteModel,
  options: DownloadOptions & { lockWaits?: LockWaits },
): Promise<string> {
  const { folder, url, key, sha256 } = model;
  const { say, signal, lockWaits } = options;
  const path = join(folder, cachedName(model));
  if (await isThere(path)) return path;
  await made(folder);
  const part = `${path}.part`;
  const locking = {
    onWait: (owner: string) => say(`waits for ${owner}, which fetches the same file`),
    signal,
    ...(lockWaits === undefined ? {} : { waits: lockWaits }),
  };
  return withLock(`${path}.lock`, locking, async (lost) => {
    if (await isThere(path)) return path;
    say(`fetches ${shown(url)}`);
    const isChecked = sha256 !== null;
    await download({ url, key, part, isChecked }, { ...options, signal: AbortSignal.any([signal, lost]) });
    const artifact = await artifactOf(part, url);
    if (sha256 !== null && artifact.sha256 !== sha256) {
      const aside = `${path}.wrong`;
      await rename(part, aside);
      await forgetPart(part);
      throw new Error(
        `${shown(url)} has the SHA-256 ${artifact.sha256}, not ${sha256}: it is not used, and kept as ${aside}`,
      );
    }
    lost.throwIfAborted();
    await rename(part, path);
    await forgetPart(part);
    say(`has ${bytes(artifact.bytes)} as ${path} (SHA-256 ${artifact.sha256})`);
    return path;
  });
}

/** What is no GGUF after all is not gone on with. */
async function artifactOf(part: string, url: URL): ReturnType<typeof ggufArtifact> {
  try {
    return await ggufArtifact(part);
  } catch (cause) {
    await forgetPart(part);
    throw new Error(`${shown(url)}: ${reasonOf(cause)}`, { cause });
  }
}

function decodedName({ pathname }: URL): string {
  const name = pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function made(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new Error(writeFault(cause, folder) ?? `${folder} can't be made: ${reasonOf(cause)}`, { cause });
  }
}
