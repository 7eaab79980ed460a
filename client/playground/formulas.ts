import { math, mathHtml } from "micromark-extension-math";

/** How formulas are read and written: as MathML, which browsers show by themselves. Bounds for what a model may make of them. */
export const formulas = {
  syntax: math(),
  html: mathHtml({
    output: "mathml",
    throwOnError: false,
    trust: false,
    strict: "ignore",
    maxExpand: 200,
    maxSize: 20,
  }),
};
