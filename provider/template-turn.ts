import type { ChatMessage } from "../protocol/chat-message.ts";
import { EngineError } from "./engine.ts";

/** A turn of a conversation as the templates of models know it. */
export interface TemplateTurn {
  role: "system" | "user" | "assistant";
  content: string;
}

/** @throws EngineError for what is no text, and for tools, which engines of a provider's own do not know */
export function templateTurn(message: ChatMessage): TemplateTurn {
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
