import type { Metadata } from "./metadata.ts";
import type { Files, Package } from "./package.ts";
import type { Report } from "./report.ts";

type Validator = Pick<Package, "checker" | "outputValidator" | "validatorInterface">;

const none: Validator = { checker: "default", outputValidator: new Map(), validatorInterface: "icpc" };

/**
 * Finds the package's own output validator: `output_validator/` (2025-09, "Output validator"), or the single one in
 * `output_validators/` of the older formats, where `validation` in `problem.yaml` must ask for it.
 */
export function readValidator(files: Files, metadata: Metadata, report: Report): Validator {
  const { folder, program } = findProgram(files, metadata, report);
  const interactive = metadata.types.includes("interactive");
  const why = reasonForOne(metadata);
  if (why !== null && program.size === 0) {
    report.error("output_validator/", `holds no program, but ${why}`);
  }
  if (why === null && metadata.validation === "default" && program.size > 0) {
    report.warn("output_validators/", 'is ignored, since validation is "default"');
    return none;
  }
  if (program.size === 0) return none;
  checkProgram(folder, program, report);
  const validatorInterface = interfaceOf(folder, program, report);
  if (validatorInterface === "testlib" && metadata.types.includes("multi-pass")) {
    report.error(folder, "is written with testlib.h, which has no multi-pass validators");
  }
  return { checker: interactive ? "interactive" : "custom", outputValidator: program, validatorInterface };
}

function reasonForOne({ types, validation }: Metadata): string | null {
  if (types.includes("interactive")) return "an interactive problem needs one";
  if (types.includes("multi-pass")) return "a multi-pass problem needs one";
  return validation === "custom" ? 'validation is "custom"' : null;
}

function findProgram(files: Files, metadata: Metadata, report: Report): { folder: string; program: Files } {
  const folder = "output_validator/";
  const found = below(files, folder);
  const old = "output_validators/";
  if (metadata.version === "2025-09" && found.size === 0 && below(files, old).size > 0) {
    report.error(old, "is of an older format; 2025-09 has one output_validator/");
  }
  return found.size > 0 || metadata.version === "2025-09"
    ? { folder, program: withoutFolder(folder, found, report) }
    : { folder: old, program: withoutFolder(old, below(files, old), report) };
}

function below(files: Files, folder: string): Files {
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(folder))
      .map(([path, bytes]) => [path.slice(folder.length), bytes]),
  );
}

/** One program is one folder, or files that belong to no folder. */
function withoutFolder(folder: string, all: Files, report: Report): Files {
  const tops = new Set([...all.keys()].map((path) => path.split("/", 1)[0] ?? path));
  const folders = new Set(
    [...all.keys()].filter((path) => path.includes("/")).map((path) => path.split("/", 1)[0] ?? ""),
  );
  const [only] = folders;
  if (only === undefined) return all;
  if (tops.size > 1) {
    report.error(folder, `holds several validators (${[...tops].join(", ")}); only one is supported`);
  }
  return below(all, `${only}/`);
}

/** 2025-09, "Other programs": what a validator may be written in. */
function checkProgram(folder: string, program: Files, report: Report): void {
  for (const script of ["build", "run"]) {
    if (program.has(script))
      report.error(
        `${folder}${script}`,
        "is a script, and scripts that build or run validators are not supported; give the C, C++ or Python source alone",
      );
  }
  const names = [...program.keys()];
  const python = names.filter((name) => name.endsWith(".py"));
  const compiled = names.filter((name) => /\.(c|cc|cpp|cxx|c\+\+)$/i.test(name));
  if (python.length === 0 && compiled.length === 0 && !program.has("build") && !program.has("run")) {
    report.error(folder, `holds no C, C++ or Python source, but ${names.join(", ")}`);
  } else if (python.length > 0 && compiled.length > 0) {
    report.error(folder, `holds sources of two languages: ${python[0]} and ${compiled[0]}`);
  }
}

const INCLUDES_TESTLIB = /^[ \t]*#[ \t]*include[ \t]*[<"](?:[^<>"\n]*\/)?testlib\.h[>"]/m;
/** Ports of testlib.h to this format keep its functions and have the format's exit codes and order of arguments. */
const PORTED_TESTLIB = /\bOK_EXIT_CODE\s*=?\s*42\b/;

/**
 * How the validator is called: as testlib's checkers are when a source includes `testlib.h`, unless the package's
 * `testlib.h` is one of those made for this format.
 */
function interfaceOf(folder: string, program: Files, report: Report): Package["validatorInterface"] {
  const text = new TextDecoder();
  const user = [...program].find(
    ([name, bytes]) => !name.endsWith("testlib.h") && INCLUDES_TESTLIB.test(text.decode(bytes)),
  );
  if (user === undefined) return "icpc";
  const header = [...program].find(([name]) => name === "testlib.h" || name.endsWith("/testlib.h"));
  if (header === undefined) {
    report.error(
      `${folder}${user[0]}`,
      `includes testlib.h, which the package must bring: add ${folder}testlib.h`,
    );
    return "testlib";
  }
  return PORTED_TESTLIB.test(text.decode(header[1])) ? "icpc" : "testlib";
}
