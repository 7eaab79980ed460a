import type { ChatMessage } from "../protocol/chat-message.ts";
import type { ChatJob } from "../protocol/job.ts";
import { EngineError } from "../provider/engine.ts";
import { type LlamaModel, loadJinja } from "./llama-package.ts";
import { type Prompt, promptOf } from "./prompt.ts";

/** From a request to the tokens that a model reads. Throws EngineError for what can't be said in them. */
export type PromptRenderer = (request: Pick<ChatJob, "messages" | "continuation">) => Prompt;

interface TemplateTurn {
  role: string;
  content: string;
}

/**
 * Prompts by the chat template of the model's file, as its makers trained it, with nothing added: no system turn that nobody
 * wrote, and one token for the beginning, whether the template writes it too or not. A user who writes the marks of turns
 * can end his own turn, as with llama-server; that harms nobody else.
 *
 * @throws EngineError if the file has no template, or one that can't be read
 */
export async function promptRenderer(model: LlamaModel): Promise<PromptRenderer> {
  const source = model.fileInfo.metadata.tokenizer.chat_template;
  if (source === undefined) throw new EngineError("engine", "the model's file has no chat template");
  const { Template } = await loadJinja();
  const template = new Template(source);
  const { bosString, eosString } = model.tokens;
  return ({ messages, continuation }) => {
    let text: string;
    try {
      text = template.render({
        messages: messages.map(templateTurn),
        add_generation_prompt: true,
        bos_token: bosString ?? "",
        eos_token: eosString ?? "",
      });
    } catch (cause) {
      if (cause instanceof EngineError) throw cause;
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new EngineError("unsupported", `the model's chat template refuses these messages: ${said}`, {
        cause,
      });
    }
    return promptOf(model, text, continuation);
  };
}

function templateTurn(message: ChatMessage): TemplateTurn {
  switch (message.role) {
    case "tool":
      throw new EngineError("unsupported", "this engine knows no tools");
    case "assistant":
      if (message.tool_calls?.length) throw new EngineError("unsupported", "this engine knows no tools");
      return { role: "assistant", content: textOf(message.content ?? message.refusal ?? "") };
    case "developer":
      // Templates know it by its older name.
      return { role: "system", content: textOf(message.content) };
    case "system":
    case "user":
      return { role: message.role, content: textOf(message.content) };
    default:
      return message satisfies never;
  }
}

type Parts = Extract<ChatMessage["content"], readonly unknown[]>;

function textOf(content: string | Parts): string {
  if (typeof content === "string") return content;
  return content
    .map((part) => {
      if (part.type === "text") return part.text;
      if (part.type === "refusal") return part.refusal;
      throw new EngineError("unsupported", `this engine reads text, not ${part.type}`);
    })
    .join("");
}
