/** The declarations that programs are checked against, by the names under which they travel. */

/** What our Node offers: node.d.ts. */
export const NODE_DECLARATIONS = "node.d.ts";

/** What Node 24 has of ECMAScript: the last edition, and what its engine has of the next one. */
export const ROOT_LIBRARIES: readonly string[] = [
  "es2025",
  "esnext.array",
  "esnext.disposable",
  "esnext.error",
  "esnext.sharedmemory",
];

/** How TypeScript calls the file of a library. */
export const libraryFile = (name: string): string => `lib.${name}.d.ts`;
