import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment, programLimits } from "../judge/limits.ts";
import { buildSupervisor } from "../judge/sandbox/build.ts";
import { openSandbox } from "../judge/sandbox.ts";
import { DIST } from "./folders.ts";

/** One way of doing the same thing; `close` puts away what it needed. */
interface Arm {
  name: string;
  run: () => Promise<void>;
  close?: () => Promise<void>;
}

interface Figures {
  name: string;
  rounds: number;
  medianMs: number;
  p90Ms: number;
}

/** What the sandbox adds to a program that does nothing. The floor is starting the same program from Node. */
async function judgeArms(): Promise<Arm[]> {
  const argv: [string, ...string[]] = ["/usr/bin/true"];
  const store = mkdtempSync(join(tmpdir(), "bench-"));
  const sandbox = await openSandbox({ supervisor: await buildSupervisor(), store, slot: 0, binds: [] });
  console.log(`sandbox: ${sandbox.level}, ${sandbox.reason}`);
  return [
    {
      name: "plain",
      run: async () => {
        const [code] = await once(spawn(argv[0], { stdio: "ignore" }), "close");
        if (code !== 0) throw new Error(`${argv[0]} ended with ${code}`);
      },
    },
    {
      name: "sandbox",
      run: async () => {
        const limits = programLimits(1000, 64, 1);
        const ending = await sandbox.run({
          argv,
          env: environment,
          input: null,
          collect: null,
          mounts: [],
          limits,
        });
        if (ending.exitCode !== 0)
          throw new Error(`${argv[0]} ended with ${ending.notStarted ?? ending.exitCode}`);
      },
      close: async () => {
        await sandbox.close();
        rmSync(store, { recursive: true });
      },
    },
  ];
}

const benches: Record<string, () => Promise<Arm[]>> = { judge: judgeArms };

/** Runs the arms in turn, round by round, so that a noisy neighbour disturbs all of them alike. */
async function measure(arms: readonly Arm[], rounds: number, warmUp: number): Promise<Figures[]> {
  const times = new Map<string, number[]>(arms.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const { name, run } of arms) {
      const began = performance.now();
      await run();
      if (round >= 0) times.get(name)?.push(performance.now() - began);
    }
  }
  return [...times].map(([name, all]) => {
    all.sort((a, b) => a - b);
    const at = (share: number): number =>
      all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? NaN;
    return { name, rounds: all.length, medianMs: at(0.5), p90Ms: at(0.9) };
  });
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "200" } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1)
  throw new Error(`--rounds must be a whole number, not "${values.rounds}"`);
mkdirSync(DIST, { recursive: true });
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const arms = await benches[name]?.();
  if (!arms)
    throw new Error(`there is no benchmark "${name}"; there are: ${Object.keys(benches).join(", ")}`);
  const figures = await measure(arms, rounds, 20);
  for (const arm of arms) await arm.close?.();
  const rounded = figures.map((one) => ({
    ...one,
    medianMs: +one.medianMs.toFixed(2),
    p90Ms: +one.p90Ms.toFixed(2),
  }));
  console.table(rounded);
  const file = join(DIST, `bench-${name}.json`);
  writeFileSync(file, `${JSON.stringify(rounded, null, 2)}\n`);
  console.log(`also in ${file}`);
}
