import { addTexts } from "../i18n.ts";

// Only those who make and run contests fill these in.
await addTexts({
  en: () => import("./contest-forms/en.json"),
  "pt-BR": () => import("./contest-forms/pt-BR.json"),
  zh: () => import("./contest-forms/zh.json"),
});
