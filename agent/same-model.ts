import { EngineError } from "../provider/engine.ts";

/**
 * Looks at what a server calls its model in each answer. One that has changed it since its first does not serve what is offered.
 *
 * @returns throws EngineError for another name; servers that tell none are believed
 */
export function sameModel(): (name: string | null | undefined) => void {
  let first: string | null = null;
  return (name) => {
    if (!name) return;
    first ??= name;
    if (first !== name)
      throw new EngineError(
        "engine",
        `the server answers by the model "${name.slice(0, 100)}", which was "${first.slice(0, 100)}"`,
      );
  };
}
