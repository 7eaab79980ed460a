import { render } from "preact";
import { App } from "./app.tsx";
import { applyLocale, preferredLocale } from "./i18n.ts";
import { loadSession } from "./session.ts";
import "./styles/index.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

void loadSession();
await applyLocale(preferredLocale());
render(<App />, root);

// What the first view does not need waits until that is drawn.
const idle = globalThis.requestIdleCallback ?? ((start: () => void) => setTimeout(start, 500));
idle(() => void import("./offline.ts").then(({ startOffline }) => startOffline()));
