import type { Mount, Program } from "../sandbox.ts";

/** What programs know their folders by, and where those really are. */
export interface JailPaths {
  argv: readonly [string, ...string[]];
  env: NodeJS.ProcessEnv;
  /** Gives a text that a program printed the names of the jail again: teams know `/box`, not folders of this machine. */
  hide(bytes: Uint8Array): Uint8Array;
}

/**
 * Writes a program's command with this machine's paths, since without a jail nothing is at `/box`, `/scratch`, `/data`
 * and the like. Only the command and the environment: a source that opens `/scratch/x` by name does not find it, but
 * its current folder is that folder.
 *
 * @param mounts - where in the jail, and where on this machine (absolute)
 */
export function withoutJail(program: Program, mounts: readonly Mount[]): JailPaths {
  const real = (word: string): string => translate(word, mounts);
  const [command, ...words] = program.argv.map(real);
  if (command === undefined) throw new TypeError("a program without a command");
  const variables = program.env.map((line) => {
    const end = line.indexOf("=");
    return [line.slice(0, end), real(line.slice(end + 1))] as const;
  });
  return {
    argv: [command, ...words],
    env: Object.fromEntries(variables),
    hide: (bytes) => replaceAll(bytes, mounts),
  };
}

/** A path stands alone, after a `=` (`--file=/box/x`) or after `-I` (`-I/pch`), and ends there or goes on with `/`. */
function translate(word: string, mounts: readonly Mount[]): string {
  const [, before = "", path = ""] = /^([^/]*=|-I)?(\/[\s\S]*)$/.exec(word) ?? [];
  const mount = mounts.find(({ to }) => path === to || path.startsWith(`${to}/`));
  return mount === undefined ? word : `${before}${mount.from}${path.slice(mount.to.length)}`;
}

function replaceAll(bytes: Uint8Array, mounts: readonly Mount[]): Uint8Array {
  // One character for each byte, so that what is not UTF-8 stays as it is.
  const before = Buffer.from(bytes).toString("latin1");
  let text = before;
  for (const { from, to } of mounts) text = text.replaceAll(Buffer.from(from).toString("latin1"), () => to);
  return text === before ? bytes : Buffer.from(text, "latin1");
}
