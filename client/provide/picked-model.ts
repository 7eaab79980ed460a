import type { TabModel } from "../../protocol/tab-model.ts";
import { modelOfGguf } from "../../rules/picked-model.ts";
import { ggufFactsOf } from "./gguf-file.ts";

/** A model of files that somebody picked, with the files in the order of their names. */
export interface PickedModel {
  model: TabModel;
  files: readonly File[];
}

/**
 * Reads no more of them than their beginning.
 * @throws EngineFault `unknown_model` for what is no GGUF
 */
export async function pickedModel(picked: readonly File[]): Promise<PickedModel> {
  const files = [...picked].sort((a, b) => (a.name < b.name ? -1 : 1));
  const facts = await ggufFactsOf(files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { model: modelOfGguf(facts, files[0]?.name ?? "", bytes), files };
}
