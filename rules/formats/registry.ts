import type { ContestFormat } from "../../protocol/contest-format.ts";
import { atcoder } from "./atcoder.ts";
import { codeforces } from "./codeforces.ts";
import type { FormatRules } from "./format.ts";
import { homework } from "./homework.ts";
import { icpc } from "./icpc.ts";
import { ioi } from "./ioi.ts";

/** What a contest's format decides. */
export function rulesOf(format: ContestFormat): FormatRules {
  switch (format.type) {
    case "icpc":
      return icpc(format);
    case "ioi":
      return ioi(format);
    case "atcoder":
      return atcoder(format);
    case "codeforces":
      return codeforces(format);
    case "homework":
      return homework(format);
    default:
      return format satisfies never;
  }
}
