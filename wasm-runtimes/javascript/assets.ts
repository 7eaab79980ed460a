import { join } from "node:path";
import type { LanguageAssets } from "../assets.ts";

export const javascriptAssets: LanguageAssets = {
  scripts: { "boot.js": join(import.meta.dirname, "boot.ts") },
  files: [],
};
