import { mkdirSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

// The Worker's tests need the folder of its assets, not what is in it.
mkdirSync("dist/client", { recursive: true });

const runtimeTests = ["wasm-runtimes/**/*.test.ts"];
const pageTests = ["client/pages*.test.ts"];

/**
 * The rooms' tests by what they need. Groups run one after the other, and from `judge` on one file at a time, the
 * pages apart: those measure time limits, which two at once on a small machine would upset.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{protocol,rules,client,scripts}/**/*.test.{ts,tsx}", "test/imports.test.ts"],
          exclude: [...runtimeTests, ...pageTests],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { cf: false, bindings: { TEST_MIGRATIONS: await readD1Migrations("migrations") } },
          }),
        ],
        test: {
          name: "worker",
          include: ["worker/**/*.test.ts"],
          setupFiles: ["test/worker-setup.ts"],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "judge",
          include: ["{judge,problems}/**/*.test.ts"],
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 4 },
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: ["test/imports.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 5 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
