import { addTexts } from "../i18n.ts";

// Only pages of contests have these.
await addTexts({
  en: () => import("./clarifications/en.json"),
  "pt-BR": () => import("./clarifications/pt-BR.json"),
  zh: () => import("./clarifications/zh.json"),
});
