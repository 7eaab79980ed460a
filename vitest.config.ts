import { mkdirSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// The Worker's tests need the folder of its assets, not what is in it.
mkdirSync("dist/client", { recursive: true });

const runtimeTests = ["wasm-runtimes/**/*.test.ts"];
const pageTests = ["client/pages*.test.ts"];
/** What starts programs, none of which is measured: of the judge the service, its links and files, and the supervisor's protocol. */
const unmeasured = [
  "scripts/bench/relay/*.test.ts",
  "judge/{leases,link,main,package-cache,server,settings,testlib}.test.ts",
  "judge/sandbox/*.test.ts",
  "problems/**/*.test.ts",
];
const isLong = process.env["TEST_LONG"] === "1";

/**
 * A test waits for what it expects by asking again; on a busy machine that takes longer than a second. How long a whole test may
 * take is there for those that hang: what takes seconds here takes many times that beside others.
 */
const expectSoon = { poll: { timeout: 20_000 } };

/**
 * The rooms' tests by what they need. Groups run one after the other. Those of `judge` and `system` run one file at a
 * time: they measure time limits, which two at once on a small machine would upset; and so do, in the long run, those of
 * `browser`, whose programs then take gigabytes.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{protocol,rules,provider,client,scripts}/**/*.test.{ts,tsx}",
            "agent/{,model/}*.test.ts",
            "test/imports.test.ts",
          ],
          exclude: [...runtimeTests, ...pageTests, ...unmeasured],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
                TEST_LONG: isLong,
                // So that a test sees an account as its requests leave it; holds ahead have a test of their own.
                HOLD_AHEAD_MS: 0,
              },
            },
          }),
        ],
        test: {
          name: "worker",
          include: ["worker/**/*.test.ts"],
          setupFiles: ["test/worker-setup.ts"],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "service",
          include: unmeasured,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "judge",
          include: ["judge/**/*.test.ts"],
          exclude: unmeasured,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "pages",
          include: pageTests,
          expect: expectSoon,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "browser",
          include: runtimeTests,
          expect: expectSoon,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: isLong ? 4 : 3 },
          maxWorkers: isLong ? 1 : 2,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: ["test/imports.test.ts"],
          expect: expectSoon,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 5 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
