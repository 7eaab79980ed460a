import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

/**
 * What a room may import besides itself. `protocol` <- `rules` <- programs; programs never import one another. What a provider is,
 * in a program of its own and in a tab alike, is `provider`.
 */
const arrows: Record<string, readonly string[]> = {
  protocol: [],
  rules: ["protocol"],
  provider: ["protocol", "rules"],
  worker: ["protocol", "rules"],
  client: ["protocol", "rules", "provider", "wasm-runtimes"],
  "wasm-runtimes": ["protocol", "rules"],
  judge: ["protocol", "rules"],
  agent: ["protocol", "rules", "provider"],
  problems: ["protocol", "rules"],
  scripts: [
    "protocol",
    "rules",
    "provider",
    "worker",
    "client",
    "wasm-runtimes",
    "judge",
    "agent",
    "problems",
  ],
};

/** Rooms whose packages are listed one by one: what everybody shares must stay light, and without input or output. */
const packages: Record<string, readonly string[]> = {
  protocol: ["valibot"],
  rules: ["valibot", "yaml", "fflate"],
  provider: ["valibot"],
};

/** Rooms that run in a browser, where Node's modules are not; what only builds or tests them is no part of that. */
const inBrowser = new Set(["client", "provider", "wasm-runtimes"]);
const buildsOrTests =
  /\.test\.tsx?$|\/testing\/|^client\/vite\.config\.ts$|^wasm-runtimes\/(.*\/assets|assets|pieces|clang\/(prepared|objects))\.ts$/;

/** The specifiers of every import, export-from and dynamic import in a source text. */
function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const statements = /(?:^|[;\n}])\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"'\n]+)["']/g;
  const bare = /(?:^|[;\n}])\s*import\s*["']([^"'\n]+)["']/g;
  const dynamic = /\bimport\s*\(\s*["'`]([^"'`\n]+)["'`]/g;
  return [statements, bare, dynamic].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((found) => found[1] ?? ""),
  );
}

/** One sentence for every arrow in `source` that is not allowed; `file` is relative to the root. */
function forbidden(file: string, source: string): string[] {
  const room = file.split("/")[0] ?? "";
  return importsOf(source).flatMap((specifier) => {
    const target = specifier.startsWith(".") ? normalize(join(dirname(file), specifier)).split("/")[0] : null;
    const reason =
      target === null || target === undefined
        ? packageTrouble(room, file, specifier)
        : roomTrouble(room, file, target);
    return reason === null ? [] : [`${file} imports ${specifier}: ${reason}`];
  });
}

function roomTrouble(room: string, file: string, target: string): string | null {
  const allowed = arrows[room];
  if (!allowed || target === room || allowed.includes(target) || target === "node_modules") return null;
  // Tests look for what the machine has in one place.
  if (target === "scripts" && buildsOrTests.test(file)) return null;
  return `${room} may import ${allowed.join(", ") || "nothing"} only`;
}

function packageTrouble(room: string, file: string, specifier: string): string | null {
  if (buildsOrTests.test(file)) return null;
  const name = specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : (specifier.split("/")[0] ?? "");
  const listed = packages[room];
  if (listed && !listed.includes(name)) return `of packages, ${room} may use ${listed.join(", ")} only`;
  if (inBrowser.has(room) && name.startsWith("node:")) return `${room} runs in a browser`;
  return null;
}

function sourcesOf(room: string): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split("/").includes("node_modules"))
    .filter((file) => !/^problems\/[^/]+\/(submissions|generators?|output_validator|data)\//.test(file));
}

describe("import directions", () => {
  for (const room of Object.keys(arrows)) {
    it(`${room} imports only what it may`, () => {
      const files = sourcesOf(room);
      expect(files.length).toBeGreaterThan(0);
      expect(files.flatMap((file) => forbidden(file, readFileSync(join(ROOT, file), "utf8")))).toEqual([]);
    });
  }

  it("lists every room that has sources", () => {
    const rooms = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .filter(
        (name) => !["node_modules", "dist", "test", "coverage"].includes(name) && sourcesOf(name).length > 0,
      );
    expect(rooms.sort()).toEqual(Object.keys(arrows).sort());
  });
});

describe("the check of import directions", () => {
  it.each([
    ["worker/index.ts", `import { judge } from "../judge/main.ts";`],
    ["client/app.tsx", `import type { Env } from "../worker/env.ts";`],
    ["judge/main.ts", `export { routes } from "../worker/index.ts";`],
    ["judge/languages/c.ts", `const x = await import("../../client/api.ts");`],
    ["rules/a/b.ts", `import {\n  one,\n  two,\n} from "../../worker/http.ts";`],
    ["protocol/text.ts", `import "../rules/contest-board.ts";`],
    ["protocol/text.ts", `import { z } from "zod";`],
    ["rules/run-verdict.ts", `import { readFileSync } from "node:fs";`],
    ["client/live.ts", `import { join } from "node:path";`],
    ["provider/jobs.ts", `import { openLink } from "../agent/link.ts";`],
    ["wasm-runtimes/host.ts", `import { t } from "../client/i18n.ts";`],
    ["agent/engine.ts", `import { parseChat } from "../judge/link.ts";`],
    ["worker/index.ts", `import { openTokenizer } from "../agent/model/vocabulary.ts";`],
    ["problems/demo.ts", `import { zipPackage } from "../scripts/build-problems.ts";`],
    ["scripts/start.ts", `import { helper } from "../test/site.ts";`],
  ])("refuses, in %s, %s", (file, source) => {
    expect(forbidden(file, source)).toHaveLength(1);
  });

  it.each([
    [
      "worker/index.ts",
      `import { Submit } from "../protocol/submission.ts";\nimport { Router } from "itty-router";`,
    ],
    ["client/app.tsx", `import { openRuntime } from "../wasm-runtimes/host.ts";`],
    ["rules/package/yaml.ts", `import { parse } from "yaml";`],
    [
      "judge/main.ts",
      `// import "../worker/index.ts";\n/* from "../client/x.ts" */ import { join } from "node:path";`,
    ],
    ["scripts/start.ts", `import { hashPassword } from "../worker/password.ts";`],
  ])("allows, in %s, %s", (file, source) => {
    expect(forbidden(file, source)).toEqual([]);
  });
});
