import type { Files } from "./package.ts";

const PLACES =
  /^(?:statement\/.*\.(?:md|tex)|(?:input_validators|output_validator|include|submissions)\/.*|data\/.*test_group\.yaml)$/;

/**
 * Replaces `{{name}}`, and `\constant{name}` in LaTeX, by the values of `constants` where 2025-09 ("Constants") says
 * so. Names without a value stay as they are (`{{nextsample}}` is one). Test data is never touched.
 */
export function withConstants(files: Files, constants: ReadonlyMap<string, string>): Files {
  if (constants.size === 0) return files;
  const value = (whole: string, name: string): string => constants.get(name) ?? whole;
  return new Map(
    [...files].map(([path, bytes]) => {
      if (!PLACES.test(path)) return [path, bytes];
      const text = asText(bytes);
      if (text === null) return [path, bytes];
      const replaced = text.replace(/\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}/g, value);
      const latex = path.endsWith(".tex")
        ? replaced.replace(/\\constant\{([A-Za-z_][A-Za-z0-9_]*)\}/g, value)
        : replaced;
      return [path, latex === text ? bytes : new TextEncoder().encode(latex)];
    }),
  );
}

function asText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}
