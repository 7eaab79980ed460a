import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { DIST } from "../../scripts/folders.ts";

const run = promisify(execFile);

/** A kernel to boot, with the modules that the guest's root needs. */
export interface Kernel {
  /** Debian's package: `linux-image-6.1.0-56-amd64`. */
  package: string;
  image: string;
  /** Files, each after those that it needs. */
  modules: readonly string[];
}

/** The guest cannot be had here: what is missing, as a sentence. */
export class GuestUnavailable extends Error {}

const CACHE = join(DIST, "guest");

/** Devices on the PCI bus, the host's files, and what is written over them. */
const WANTED = ["virtio_pci", "9pnet_virtio", "9p", "overlay"];

/** The folders of modules in which those, and what they need, are. */
const FOLDERS = ["*/kernel/drivers/virtio/*", "*/kernel/net/9p/*", "*/kernel/fs/*"];

/**
 * The distribution's own kernel, downloaded once and unpacked into `dist/guest/`, never installed. (The one for cloud
 * machines would be smaller, and has no 9p.)
 *
 * @throws GuestUnavailable where there is no apt-get, or it has no such package
 */
export async function findKernel(): Promise<Kernel> {
  const name = await packageName();
  const folder = join(CACHE, name);
  if (!(await exists(folder))) await unpack(name, folder);
  const files = (await readdir(folder, { recursive: true })).map((file) => join(folder, file));
  const image = files.find((file) => basename(file).startsWith("vmlinuz-"));
  if (image === undefined) throw new GuestUnavailable(`the package ${name} has no kernel`);
  return { package: name, image, modules: await inOrder(files) };
}

async function packageName(): Promise<string> {
  if (process.arch !== "x64")
    throw new GuestUnavailable(`the guest is an x86-64 machine, this is ${process.arch}`);
  try {
    const { stdout } = await run("apt-cache", ["depends", "linux-image-amd64"]);
    const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
    if (name !== undefined) return name;
  } catch (error) {
    throw new GuestUnavailable(`no kernel to boot: ${firstLine(error)}`, { cause: error });
  }
  throw new GuestUnavailable("no kernel to boot: apt knows no linux-image-amd64");
}

async function unpack(name: string, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, "draft-"));
  try {
    await run("apt-get", ["-q", "download", name], { cwd: draft });
    const [archive] = await readdir(draft);
    if (archive === undefined) throw new Error("apt-get downloaded nothing");
    const script = 'dpkg-deb --fsys-tarfile "$1" | tar -x --wildcards "./boot/vmlinuz-*" "${@:2}"';
    await run("bash", ["-o", "pipefail", "-c", script, "bash", archive, ...FOLDERS], { cwd: draft });
    await rm(join(draft, archive));
    await rename(draft, folder);
  } catch (error) {
    throw new GuestUnavailable(`no kernel to boot: ${firstLine(error)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The wanted modules with all that they need, in the order of loading. What is in the kernel itself has no file. */
async function inOrder(files: readonly string[]): Promise<string[]> {
  const byName = new Map<string, string>();
  for (const file of files) {
    const name = /^(.+)\.ko(\.xz)?$/.exec(basename(file))?.[1];
    if (name !== undefined) byName.set(name.replaceAll("-", "_"), file);
  }
  const order: string[] = [];
  const add = async (name: string): Promise<void> => {
    const file = byName.get(name);
    if (file === undefined || order.includes(file)) return;
    // Of its section .modinfo: strings, one of them the names of what it needs.
    const needed = /\0depends=([^\0]*)/.exec((await moduleBytes(file)).toString("latin1"))?.[1] ?? "";
    for (const other of needed.split(",")) await add(other.replaceAll("-", "_"));
    order.push(file);
  };
  for (const name of WANTED) await add(name);
  return order;
}

/** A module as the kernel takes it. */
export async function moduleBytes(file: string): Promise<Buffer> {
  if (!file.endsWith(".xz")) return readFile(file);
  const { stdout } = await run("xz", ["-dc", file], { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/**
 * The guest's first process, compiled so that it needs no other file.
 *
 * @throws GuestUnavailable where gcc or the C library's archive is missing
 */
export async function buildInit(): Promise<Buffer> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, "draft-"));
  const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11", "-static"];
  try {
    await run("gcc", [...flags, "-o", join(draft, "init"), join(import.meta.dirname, "init.c")]);
    return await readFile(join(draft, "init"));
  } catch (error) {
    throw new GuestUnavailable(`the guest's init cannot be compiled: ${firstLine(error)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
