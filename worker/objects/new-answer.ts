import type { AnswerHead } from "../../rules/answer-chunks.ts";
import type { JobOrder } from "../job-order.ts";
import type { Answer, AnswerEvents } from "./answer.ts";
import { formOf } from "./answer-form.ts";
import { EmbeddingsForm } from "./embeddings-form.ts";
import { StreamAnswer } from "./stream-answer.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** The answer to a request, of which nothing is written yet: a stream where that was asked for. */
export function newAnswer({ job, asked }: JobOrder, head: AnswerHead, events: AnswerEvents): Answer {
  if (asked.type === "embeddings")
    return new WholeAnswer(job, new EmbeddingsForm(head, asked.request), events);
  const form = formOf(asked, head);
  return asked.request.stream ? new StreamAnswer(job, form, events) : new WholeAnswer(job, form, events);
}
