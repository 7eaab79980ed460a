import { addTexts } from "../i18n.ts";

// Only the pages of rejudgings and of what was done have these.
await addTexts({
  en: () => import("./jury/en.json"),
  "pt-BR": () => import("./jury/pt-BR.json"),
  zh: () => import("./jury/zh.json"),
});
