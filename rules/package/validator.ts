import type { CheckerKind } from "../../protocol/problem.ts";
import type { Metadata } from "./metadata.ts";
import type { Files, Package } from "./package.ts";
import type { Report } from "./report.ts";

/**
 * Finds the package's own output validator: `output_validator/` (2025-09, "Output validator"), or the single one in
 * `output_validators/` of the older formats, where `validation` in `problem.yaml` must ask for it.
 */
export function readValidator(
  files: Files,
  metadata: Metadata,
  report: Report,
): { checker: CheckerKind; outputValidator: Package["outputValidator"] } {
  const found = below(files, "output_validator/");
  const program = found.size > 0 || metadata.version === "2025-09" ? found : oldValidator(files, report);
  const interactive = metadata.types.includes("interactive");
  if (metadata.version === "2025-09" && program.size === 0 && below(files, "output_validators/").size > 0) {
    report.error("output_validators/", "is of an older format; 2025-09 has one output_validator/");
  }
  const wanted = metadata.validation === "custom" || interactive;
  if (wanted && program.size === 0) {
    const why = interactive ? "an interactive problem needs one" : 'validation is "custom"';
    report.error("output_validator/", `holds no program, but ${why}`);
  }
  if (!wanted && metadata.validation === "default" && program.size > 0) {
    report.warn("output_validators/", 'is ignored, since validation is "default"');
    return { checker: "default", outputValidator: new Map() };
  }
  if (program.size === 0) return { checker: "default", outputValidator: program };
  return { checker: interactive ? "interactive" : "custom", outputValidator: program };
}

function below(files: Files, folder: string): Files {
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(folder))
      .map(([path, bytes]) => [path.slice(folder.length), bytes]),
  );
}

/** One folder, or files that belong to no folder: either is one program. */
function oldValidator(files: Files, report: Report): Files {
  const folder = "output_validators/";
  const all = below(files, folder);
  const programs = new Set([...all.keys()].map((path) => path.split("/", 1)[0] ?? path));
  const folders = new Set(
    [...all.keys()].filter((path) => path.includes("/")).map((path) => path.split("/", 1)[0] ?? ""),
  );
  const [only] = folders;
  if (only === undefined) return all;
  if (programs.size > 1) {
    report.error(folder, `holds several validators (${[...programs].join(", ")}); only one is supported`);
  }
  return below(all, `${only}/`);
}
