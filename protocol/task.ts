import * as v from "valibot";

/**
 * What a model is asked to do:
 *
 * - `chat`       answers a conversation
 * - `completion` goes on with a text, with no turns around it
 * - `embedding`  turns texts into vectors
 */
export const Task = v.picklist(["chat", "completion", "embedding"]);
export type Task = v.InferOutput<typeof Task>;
