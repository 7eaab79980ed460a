import { gnuCpp } from "./cpp.ts";

export const cpp17 = gnuCpp("cpp17", "gnu++17");
