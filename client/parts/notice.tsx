import type { ComponentChildren } from "preact";
import { Icon } from "./icons.tsx";

interface NoticeProps {
  /** An error is spoken at once by screen readers, the others when they are done speaking. */
  kind: "info" | "warning" | "error" | "done";
  children: ComponentChildren;
}

const icons = { info: "info", warning: "warning", error: "warning", done: "check" } as const;

export function Notice({ kind, children }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`} role={kind === "error" ? "alert" : "status"}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
    </div>
  );
}
