import * as v from "valibot";
import type { ImportMessage, ImportReport, Sample } from "../protocol/problem.ts";
import { Slug } from "../protocol/text.ts";
import type { Files, Package, StatementSource, TestCase } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { PackageError, unzipPackage } from "../rules/package/unzip.ts";
import { audited } from "./audit.ts";
import { storeBlob } from "./blobs.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { boardScore, mayChange, type ProblemFacts } from "./problem-rows.ts";
import { testsKept } from "./package-tests.ts";
import { renderStatement } from "./statements.ts";
import { tables, type UserRow } from "./tables.ts";
import { timeLimitAsked, timeLimitMessages } from "./time-limits.ts";
import { yardsticksIn } from "./yardsticks.ts";

// Samples are part of the problem page; a row of the database holds at most 2 MB.
const SAMPLES_LIMIT = 512 * 1024;

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

/**
 * Imports a problem package: reads it, stores its bytes by hash, and makes or replaces the problem with its uuid.
 * A new problem starts as a draft; a replaced one keeps its state, and earlier submissions keep the package they
 * were judged by.
 *
 * @throws ApiError `invalid_package` with one sentence for each error found; nothing is stored then
 */
export async function importPackage(
  env: Env,
  user: UserRow,
  zip: Uint8Array<ArrayBuffer>,
  fallbackName: string,
): Promise<ImportReport> {
  const files = unzip(zip);
  const read = readPackage(files, slugOf(fallbackName));
  const messages = [...read.messages];
  if (read.package) messages.push(...unusable(read.package));
  const errors = messages.filter((message) => message.severity === "error");
  if (!read.package || errors.length > 0) {
    throw new ApiError(
      "invalid_package",
      "The package has errors; nothing was imported.",
      errors.map(sentence),
    );
  }
  return store(env, user, zip, files, read.package, messages);
}

function unzip(zip: Uint8Array): Files {
  try {
    return unzipPackage(zip);
  } catch (error) {
    if (error instanceof PackageError) throw new ApiError("invalid_package", error.message);
    throw error;
  }
}

/** What is a fine package elsewhere but cannot be shown here. */
function unusable(pkg: Package): ImportMessage[] {
  const messages: ImportMessage[] = [];
  if (!v.is(Slug, pkg.shortName)) {
    messages.push({
      severity: "error",
      file: "",
      message: `"${pkg.shortName}" cannot be a short name: use lower-case letters, digits and hyphens`,
    });
  }
  if (!pkg.statements.some((statement) => statement.format === "md")) {
    messages.push({
      severity: "error",
      file: "statement",
      message: "no statement in Markdown (problem.<language>.md)",
    });
  }
  const bytes = pkg.samples.reduce((sum, sample) => sum + sample.input.length + sample.answer.length, 0);
  if (bytes > SAMPLES_LIMIT) {
    messages.push({
      severity: "error",
      file: "data/sample",
      message: `the samples have ${bytes} bytes in all; the problem page shows at most ${SAMPLES_LIMIT}`,
    });
  }
  return messages;
}

async function store(
  env: Env,
  user: UserRow,
  zip: Uint8Array<ArrayBuffer>,
  files: Files,
  pkg: Package,
  messages: ImportMessage[],
): Promise<ImportReport> {
  const existing = await tables(env.DB).problems.First({ where: { uuid: pkg.uuid } });
  if (existing && !mayChange(user, existing)) {
    throw new ApiError("forbidden", "Another organiser owns the problem with this uuid.");
  }
  const slug = existing?.slug ?? pkg.shortName;
  const taken = await tables(env.DB).problems.First({ where: { slug } });
  if (taken && taken.uuid !== pkg.uuid) {
    throw new ApiError(
      "name_taken",
      `Another problem is called "${slug}" already. Rename the package and import it again.`,
    );
  }

  const hash = await storeBlob(env, zip, "application/zip");
  const statements = await Promise.all(
    pkg.statements.filter((s) => s.format === "md").map((s) => rendered(env, files, s)),
  );
  const report: ImportReport = { slug, name: pkg.name, hash, messages, counts: countsOf(pkg) };
  const id = existing?.id ?? crypto.randomUUID();
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO problems (id, slug, uuid, owner, state, package_hash, name, facts, report, imported_at)
       VALUES (?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?)
       ON CONFLICT (uuid) DO UPDATE SET package_hash = excluded.package_hash, name = excluded.name,
         facts = excluded.facts, report = excluded.report, imported_at = excluded.imported_at`,
    ).bind(
      id,
      slug,
      pkg.uuid,
      user.id,
      hash,
      JSON.stringify(pkg.name),
      JSON.stringify(factsFrom(pkg)),
      JSON.stringify(report),
      Date.now(),
    ),
    env.DB.prepare("DELETE FROM problem_statements WHERE problem = ?").bind(id),
    ...statements.map(({ locale, html }) =>
      env.DB.prepare("INSERT INTO problem_statements (problem, locale, html) VALUES (?, ?, ?)").bind(
        id,
        locale,
        html,
      ),
    ),
    testsKept(env, hash, pkg),
    ...(pkg.limits.timeMs === null ? timeLimitAsked(env, hash, id) : []),
    audited(env, user.id, "problem.import", slug, { hash }),
  ]);
  const [told = report] = await withTimeLimits(env, [report]);
  return told;
}

/** Reports with what has become of time limits, where packages leave them to be measured. */
export async function withTimeLimits(env: Env, reports: readonly ImportReport[]): Promise<ImportReport[]> {
  const messages = await timeLimitMessages(
    env,
    reports.map(({ hash }) => hash),
  );
  return reports.map((report) => {
    const message = messages.get(report.hash);
    return message ? { ...report, messages: [...report.messages, message] } : report;
  });
}

async function rendered(
  env: Env,
  files: Files,
  statement: StatementSource,
): Promise<{ locale: string; html: string }> {
  const folder = statement.path.slice(0, statement.path.lastIndexOf("/") + 1);
  const addresses = new Map<string, string>();
  for (const [path, bytes] of files) {
    const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
    const type = IMAGE_TYPES[ending];
    if (!type || !path.startsWith(folder)) continue;
    const hash = await storeBlob(env, new Uint8Array(bytes), type);
    // The renderer writes addresses percent-encoded.
    addresses.set(encodeURI(path.slice(folder.length)), `/api/files/${hash}.${ending}`);
  }
  return {
    locale: statement.locale,
    html: renderStatement(statement.text, (name) => addresses.get(name) ?? null),
  };
}

function factsFrom(pkg: Package): ProblemFacts {
  const { timeMs, memoryMiB, outputMiB, codeKiB } = pkg.limits;
  return {
    types: [...pkg.types],
    limits: { timeMs, memoryMiB, outputMiB, codeKiB },
    languages: [...pkg.languages],
    checker: pkg.checker,
    checkerOptions: pkg.checkerOptions,
    samples: pkg.samples.map(sampleOf),
    credits: [...pkg.credits],
    keywords: [...new Set(pkg.keywords)],
    license: pkg.license,
    yardsticks: yardsticksIn(pkg),
    maxScore: boardScore(pkg),
  };
}

function sampleOf({ name, input, answer, shown }: TestCase): Sample {
  const text = new TextDecoder();
  const title = name.replace(/^sample\//, "");
  if (shown?.type === "interaction")
    return { name: title, input: "", answer: "", interaction: text.decode(shown.log) };
  return {
    name: title,
    input: text.decode(shown?.input ?? input),
    answer: text.decode(shown?.answer ?? answer),
  };
}

function countsOf(pkg: Package): ImportReport["counts"] {
  return {
    statements: pkg.statements.length,
    samples: pkg.samples.length,
    secret: pkg.groups.reduce((sum, group) => sum + group.tests.length, 0),
    groups: pkg.groups.length,
    submissions: pkg.submissions.length,
  };
}

/** A short name from a file's name: `My Sum (v2).zip` becomes `my-sum-v2`. */
function slugOf(name: string): string {
  const words = name
    .replace(/\.zip$/i, "")
    .normalize("NFKD")
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ["problem"];
  return words.join("-").slice(0, 64).replace(/-$/, "");
}

const sentence = ({ file, message }: ImportMessage): string => (file ? `${file}: ${message}` : message);
