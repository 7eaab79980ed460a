import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import type { LanguageId } from "../../protocol/language.ts";
import type {
  CompileError,
  Readiness,
  RunLimits,
  RunResult,
  SourceFile,
} from "../../wasm-runtimes/contract.ts";
import { CLIENT } from "../folders.ts";
import { launchBrowser, NoBrowser } from "./launch.ts";
import { install, type TakenResult, type Took } from "./page.ts";
import { type ClientSite, openClientSite } from "./site.ts";

/** The page died with all that ran in it: a program can take a page along, and then nothing is known of any of them. */
export class PageCrashed extends Error {}

/** A headless browser with the built client's engine, driven from Node. */
export interface BrowserEngine {
  /** `Chromium 156.0.7000.0` */
  name: string;
  site: ClientSite;
  /** A page of its own in a profile of its own, where nothing is cached; or in the profile of another one. */
  openPage(profile?: BrowserContext): Promise<EnginePage>;
  close(): Promise<void>;
}

/** A page in which languages run. */
export interface EnginePage {
  languages: readonly LanguageId[];
  /** How many programs run at once. */
  cores: number;
  profile: BrowserContext;
  page: Page;
  readiness(language: LanguageId): Promise<Readiness>;
  /** As pages have it, with every call sent there. @throws PageCrashed, from every call, when the page is gone */
  openRuntime(language: LanguageId): Promise<PageRuntime>;
  close(): Promise<void>;
}

/** `Runtime` of wasm-runtimes/contract.ts, from afar, with the times that things took in the page. */
export interface PageRuntime extends Took {
  toolchain: string;
  compile(
    files: readonly SourceFile[],
  ): Promise<({ ok: true; program: PageProgram } | { ok: false; error: CompileError }) & Took>;
  close(): Promise<void>;
}

export interface PageProgram {
  run(stdin: Uint8Array, limits: RunLimits): Promise<RunResult & Omit<TakenResult, keyof RunResult>>;
  /** Many runs on no input, so many at once. */
  repeat(times: number, atOnce: number, limits: RunLimits): Promise<{ eachMs: number[] } & Took>;
  release(): Promise<void>;
}

/**
 * @param folder - the built client
 * @throws NoBrowser
 */
export async function openBrowserEngine(folder = CLIENT): Promise<BrowserEngine> {
  const script = engineScript(folder);
  const browser = await launchBrowser();
  let site: ClientSite;
  try {
    site = await openClientSite(folder);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return {
    name: `Chromium ${browser.version()}`,
    site,
    openPage: async (profile) => openPage(site, script, profile ?? (await browser.newContext())),
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}

/** The address of the engine's script, whose name holds its hash. */
function engineScript(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, ".vite", "manifest.json"), "utf8"));
  const entries = typeof manifest === "object" && manifest !== null ? Object.entries(manifest) : [];
  const found = entries.find(([source]) => source.endsWith("wasm-runtimes/engine.ts"))?.[1];
  if (typeof found?.file !== "string") throw new NoBrowser("the built client has no engine for programs");
  return `/${found.file}`;
}

async function openPage(site: ClientSite, script: string, profile: BrowserContext): Promise<EnginePage> {
  const page = await profile.newPage();
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  page.on("crash", () => gone.reject(new PageCrashed("the page crashed")));
  page.on("close", () => gone.reject(new PageCrashed("the page was closed")));
  const alive = <T>(asked: Promise<T>): Promise<T> => {
    // What is asked of a page that dies may never be answered.
    asked.catch(() => {});
    return Promise.race([asked, gone.promise]);
  };
  await page.goto(site.url);
  // As a text, since what stands here may be changed by whoever loads it, a test for instance.
  await alive(page.evaluate(`import(${JSON.stringify(script)}).then(() => {})`));
  await alive(page.evaluate(install));
  const { languages, cores } = await alive(
    page.evaluate(() => ({ languages: driver.browserLanguages, cores: driver.cores })),
  );

  const programOf = (program: number): PageProgram => ({
    run: async (stdin, limits) => {
      const input = site.lend(stdin);
      const taker = `/taken/${randomUUID()}`;
      try {
        const asked = { program, input, taker, limits };
        const result = await alive(
          page.evaluate((one) => driver.run(one.program, one.input, one.taker, one.limits), asked),
        );
        return { ...result, stdout: site.take(taker) ?? new Uint8Array() };
      } finally {
        site.drop(input);
      }
    },
    repeat: (times, atOnce, limits) => {
      const asked = { program, times, atOnce, limits };
      return alive(
        page.evaluate((one) => driver.repeat(one.program, one.times, one.atOnce, one.limits), asked),
      );
    },
    release: () => alive(page.evaluate((asked) => driver.release(asked), program)),
  });

  return {
    languages,
    cores,
    profile,
    page,
    readiness: (language) => alive(page.evaluate((asked) => driver.readiness(asked), language)),
    openRuntime: async (language) => {
      const opened = await alive(page.evaluate((asked) => driver.open(asked), language));
      const { runtime, toolchain, tookMs } = opened;
      return {
        toolchain,
        tookMs,
        compile: async (files) => {
          const asked = { runtime, files };
          const compiled = await alive(page.evaluate((one) => driver.compile(one.runtime, one.files), asked));
          return compiled.ok ? { ...compiled, program: programOf(compiled.program) } : compiled;
        },
        close: () => alive(page.evaluate((asked) => driver.close(asked), runtime)),
      };
    },
    close: () => page.close(),
  };
}
