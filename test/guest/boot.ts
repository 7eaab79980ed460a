import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../scripts/folders.ts";
import { packArchive } from "./cpio.ts";
import { buildInit, findKernel, GuestUnavailable, moduleBytes } from "./kernel.ts";

/**
 * A machine of its own, emulated by QEMU, whose kernel knows control groups of version 2 alone. It sees the host's
 * files, and what it writes is gone with it.
 */
export interface Guest {
  /** `linux-image-6.1.0-56-amd64, kvm` */
  describe: string;
  /**
   * Boots, runs one program as root, and ends.
   *
   * @param argv - the program's absolute path and its arguments, no more than 63; it runs in the repository's root
   * @throws Error when the guest does not come up, the program fails, or both take longer than `timeoutMs`
   */
  run(argv: readonly string[], timeoutMs: number): Promise<GuestRun>;
}

export interface GuestRun {
  /** What the program printed. */
  lines: readonly string[];
  /** What it printed on stderr, among the kernel's words. */
  console: string;
}

const EMULATION = "tcg,thread=single,tb-size=512";

type Accelerator = "kvm" | typeof EMULATION;

const QEMU = "qemu-system-x86_64";

/** Without emulation a kernel boots in two seconds; a nested machine that cannot run it never does. */
const TRIAL_MS = 10_000;

/**
 * Gets all that a guest needs, and finds out whether the host's processor can run it, which is faster than emulation.
 *
 * @throws GuestUnavailable with what is missing
 */
export async function openGuest(): Promise<Guest> {
  await promisify(execFile)(QEMU, ["--version"]).catch((error: unknown) => {
    throw new GuestUnavailable(`${QEMU} is not installed`, { cause: error });
  });
  const [kernel, init] = await Promise.all([findKernel(), buildInit()]);
  const modules = await Promise.all(
    kernel.modules.map(async (file) => ({ name: basename(file), bytes: await moduleBytes(file) })),
  );
  const base = [
    { name: "init", bytes: init, executable: true },
    ...modules.map(({ name, bytes }) => ({ name: `modules/${name}`, bytes })),
    { name: "order", bytes: modules.map(({ name }) => `${name}\n`).join("") },
  ];
  const run = (accelerator: Accelerator, argv: readonly string[], timeoutMs: number): Promise<GuestRun> => {
    const program = [ROOT, ...argv].map((word) => `${word}\0`).join("");
    return boot(
      accelerator,
      kernel.image,
      packArchive([...base, { name: "program", bytes: program }]),
      timeoutMs,
    );
  };
  const accelerator = await chooseAccelerator((on) => run(on, ["/bin/true"], TRIAL_MS));
  return {
    describe: `${kernel.package}, ${accelerator.split(",", 1)[0]}`,
    run: (argv, timeoutMs) => run(accelerator, argv, timeoutMs),
  };
}

async function chooseAccelerator(
  tryOut: (accelerator: Accelerator) => Promise<unknown>,
): Promise<Accelerator> {
  try {
    await access("/dev/kvm");
    await tryOut("kvm");
    return "kvm";
  } catch {
    return EMULATION;
  }
}

async function boot(
  accelerator: Accelerator,
  image: string,
  archive: Buffer,
  timeoutMs: number,
): Promise<GuestRun> {
  const folder = await mkdtemp(join(tmpdir(), "guest-"));
  const [initramfs, console, output] = ["initramfs", "console", "output"].map((name) => join(folder, name));
  if (!initramfs || !console || !output) throw new Error("no names");
  try {
    await writeFile(initramfs, archive);
    // One processor. Emulated each in a thread of its own they are hardly quicker, and V8 was seen to die of it; in one
    // thread together, time that one spends waiting for the other counts as the program's.
    const machine = `
      -accel ${accelerator} -M q35 -cpu qemu64 -smp 1 -m 2048
      -nodefaults -no-reboot -display none -nic none
      -serial file:${console} -serial file:${output}
      -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap
      -device virtio-9p-pci,fsdev=host,mount_tag=host`;
    const options = [
      ...machine.trim().split(/\s+/),
      "-kernel",
      image,
      "-initrd",
      initramfs,
      "-append",
      KERNEL_OPTIONS,
    ];
    // The machine ends with this process, however that ends.
    const complaint = await waitFor(
      spawn("setpriv", ["--pdeathsig", "KILL", QEMU, ...options], { stdio: ["ignore", "ignore", "pipe"] }),
      timeoutMs,
    );
    const said = await readFile(console, "utf8").catch(() => "");
    const lines = (await readFile(output, "utf8").catch(() => "")).trim().split("\n");
    const end = lines.pop();
    if (complaint !== null || end !== "guest: ended 0")
      throw new Error([complaint ?? end, ...lines.slice(-20), said].join("\n"));
    return { lines: lines.slice(1), console: said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** No version 1 of control groups, and none of what would only make emulation slower. */
const KERNEL_OPTIONS = "console=ttyS0 quiet panic=-1 cgroup_no_v1=all mitigations=off nokaslr";

/** Null when the machine ended by itself, else what was wrong. */
async function waitFor(machine: ChildProcess, timeoutMs: number): Promise<string | null> {
  let complaint = "";
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    machine.kill("SIGKILL");
  }, timeoutMs);
  machine.stderr?.on("data", (bytes: Buffer) => (complaint += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => {
    machine.once("error", () => resolve(null));
    machine.once("close", resolve);
  });
  clearTimeout(timer);
  if (late) return `the guest did not end within ${timeoutMs / 1000} s`;
  return code === 0 ? null : `QEMU failed: ${complaint.trim() || code}`;
}
