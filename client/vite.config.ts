import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, defineConfig, type Plugin } from "vite";

/**
 * Puts first-paint.js into the page's head as a classic, blocking script under a name that holds its hash.
 * Vite itself only bundles module scripts, and those run too late to choose the theme before the first paint.
 */
function firstPaint(): Plugin {
  const source = readFileSync(join(import.meta.dirname, "first-paint.js"), "utf8");
  let reference = "";
  return {
    name: "first-paint",
    apply: "build",
    buildStart() {
      reference = this.emitFile({ type: "asset", name: "first-paint.js", source });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, context) {
        const name = Object.keys(context.bundle ?? {}).find((file) => /first-paint-.*\.js$/.test(file));
        if (name === undefined) throw new Error(`first-paint.js (${reference}) is not in the bundle`);
        return {
          html,
          tags: [{ tag: "script", attrs: { src: `/${name}` }, injectTo: "head-prepend" }],
        };
      },
    },
  };
}

/**
 * What the site is made of. The box and the runtimes' list are made after this build, from these files too, so a change of any of
 * them makes another version of the site.
 */
function versionOfSources(): string {
  const root = join(import.meta.dirname, "..");
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const room of ["client", "wasm-runtimes", "protocol", "rules", "provider"]) {
    const files = readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Builds /service-worker.js, one script by itself that knows every file of this build. Its name must stay the same, so it is the
 * version in it by which browsers notice that the site has changed.
 */
function serviceWorker(version: string): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const assets = Object.keys(bundle)
          .filter((name) => name.startsWith("assets/") && !name.startsWith("assets/engine-"))
          .map((name) => `/${name}`);
        const made = await build({
          configFile: false,
          logLevel: "warn",
          root: import.meta.dirname,
          publicDir: false,
          define: { VERSION: JSON.stringify(version), ASSETS: JSON.stringify(assets.sort()) },
          build: {
            write: false,
            target: "es2024",
            lib: {
              entry: join(import.meta.dirname, "service-worker/worker.ts"),
              formats: ["iife"],
              name: "worker",
            },
          },
        });
        const output = [made].flat().flatMap((result) => ("output" in result ? result.output : []));
        const [script] = output;
        if (output.length !== 1 || script?.type !== "chunk")
          throw new Error("The service worker is not one script.");
        this.emitFile({ type: "asset", fileName: "service-worker.js", source: script.code });
      },
    },
  };
}

/**
 * The runtimes for programs outside the app, which drive a browser with the built site. No page loads it.
 * Its exports keep their names; dist/client/.vite/manifest.json tells the file.
 */
const engine = join(import.meta.dirname, "../wasm-runtimes/engine.ts");

const version = versionOfSources();

export default defineConfig({
  root: import.meta.dirname,
  define: { SITE_VERSION: JSON.stringify(version) },
  plugins: [firstPaint(), serviceWorker(version)],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    assetsDir: "assets",
    // data: URLs would need a wider content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    target: "es2024",
    rolldownOptions: {
      input: [join(import.meta.dirname, "index.html"), ...(existsSync(engine) ? [engine] : [])],
      preserveEntrySignatures: "allow-extension",
      output: {
        codeSplitting: {
          // A module goes where its group says, not where the first that imports it goes.
          includeDependenciesRecursively: false,
          groups: [
            // What every page needs comes as one file, not as a dozen.
            // (main.tsx stays apart: without a chunk of its own the manifest would know no index.html.)
            // (What only the engine starts with is not needed by any page's start.)
            {
              name: "shell",
              tags: ["$initial"],
              test: /^(?!.*(?:main\.tsx|index\.html|\/wasm-runtimes\/|\/rules\/))/,
            },
            // What is linked from a contest's pages, no other page needs.
            {
              name: "contest-links",
              test: /client\/(?:parts\/(?:clarification-badge|jury-nav)|locales\/clarifications\.ts|clarifications\.ts|clarification-threads\.ts|notifications\.ts)/,
              minShareCount: 2,
            },
            // So do the small parts that pages share.
            // (Not what boards and contests' times are made of, which only contests' pages need.)
            {
              name: "parts",
              test: /client\/(?!contest\.ts|saved-file|parts\/(?:managed|number-|print-|problem-|team-|times-|resolver-|choice-|field-group|contest-|clarification-|jury-|scoreboard-|virtual-|offline-|practice-|runtime-|waiting-|plot|chart|rating-|day-)|downloads|runtimes|practice|offline|outbox|runs|board|contest-words|favourites|standings|use-board|virtual)(?:parts\/|rules\/|[\w-]+\.tsx?$)/,
              minShareCount: 4,
            },
            {
              name: "contest-times",
              test: /\/rules\/contest-(?:state|times)|client\/(?:parts\/contest-time\.|contest-words)/,
              minShareCount: 3,
            },
            {
              name: "boards",
              test: /\/rules\/(?:formats\/|contest-board|public-times)|client\/(?:parts\/scoreboard-|board|standings|use-board)/,
              minShareCount: 3,
            },
            // So does what the market's pages share, which no other page needs.
            {
              name: "market",
              test: /client\/(?:market\/(?!alias-|wishes-)|locales\/market\.ts)/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
    // Browsers that know light-dark(), so that it is not rewritten.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
});
