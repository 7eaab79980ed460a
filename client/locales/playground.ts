import { addTexts } from "../i18n.ts";

// Only the page to chat on has these.
await addTexts({
  en: () => import("./playground/en.json"),
  "pt-BR": () => import("./playground/pt-BR.json"),
  zh: () => import("./playground/zh.json"),
});
