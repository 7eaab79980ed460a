import { join } from "node:path";
import type { LanguageAssets } from "../assets.ts";

export const pythonAssets: LanguageAssets = {
  scripts: { "boot.js": join(import.meta.dirname, "boot.ts") },
  files: ["pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip"],
};
