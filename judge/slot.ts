import type { LanguageId, ProgrammingLanguageId } from "../protocol/language.ts";
import type { Floor } from "./floor.ts";
import type { HostLoad } from "./host-load.ts";
import type { Language } from "./languages/index.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Store } from "./store.ts";

/** A language whose tools work in the jail, with their exact version. */
export interface Toolchain {
  language: Language;
  /** `12.2.0` */
  version: string;
}

export type Toolchains = ReadonlyMap<LanguageId, Toolchain>;

/** All that judging one submission uses; a judge has one per submission that it judges at once. */
export interface Slot {
  sandbox: Sandbox;
  store: Store;
  toolchains: Toolchains;
  /** The folder of the store with what was compiled ahead for a language, or null while there is none. */
  madeAhead(language: ProgrammingLanguageId): string | null;
  /** Shared by all slots of a judge. Whatever runs a program for a slot does so on it. */
  floor: Floor;
  /** Of the processors that this slot's programs run on. */
  hostLoad: HostLoad;
}

/** As it is kept with a verdict: `GCC 12.2.0`. */
export function toolchainName({ language, version }: Toolchain): string {
  return `${language.tool} ${version}`;
}
