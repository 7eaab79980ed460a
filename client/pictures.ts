import type { ProblemView } from "../protocol/problem.ts";

/** Where the pictures of a problem's statements lie, each once. */
export function picturesOf({ statements }: Pick<ProblemView, "statements">): string[] {
  const found = statements.flatMap(({ html }) => html.match(/\/api\/files\/[\w.-]+/g) ?? []);
  return [...new Set(found)];
}
