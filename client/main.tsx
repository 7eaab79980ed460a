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
