import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

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
 * The runtimes for programs outside the app, which drive a browser with the built site. No page loads it.
 * Its exports keep their names; dist/client/.vite/manifest.json tells the file.
 */
const engine = join(import.meta.dirname, "../wasm-runtimes/engine.ts");

export default defineConfig({
  root: import.meta.dirname,
  plugins: [firstPaint()],
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
          groups: [
            // What every page needs comes as one file, not as a dozen.
            // (main.tsx stays apart: without a chunk of its own the manifest would know no index.html.)
            // (What only the engine starts with is not needed by any page's start.)
            {
              name: "shell",
              tags: ["$initial"],
              test: /^(?!.*(?:main\.tsx|index\.html|\/wasm-runtimes\/|\/rules\/))/,
            },
            // So do the small parts that pages share.
            { name: "parts", test: /client\/(?:parts\/|rules\/|[\w-]+\.tsx?$)/, minShareCount: 4 },
          ],
        },
      },
    },
    // Browsers that know light-dark(), so that it is not rewritten.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
});
