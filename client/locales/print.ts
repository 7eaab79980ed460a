import { addTexts } from "../i18n.ts";

// Only what is meant for paper has these.
await addTexts({
  en: () => import("./print/en.json"),
  "pt-BR": () => import("./print/pt-BR.json"),
  zh: () => import("./print/zh.json"),
});
