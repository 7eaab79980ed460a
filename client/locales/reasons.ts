import { addTexts } from "../i18n.ts";

// Only who asks why a provider was chosen reads these.
await addTexts({
  en: () => import("./reasons/en.json"),
  "pt-BR": () => import("./reasons/pt-BR.json"),
  zh: () => import("./reasons/zh.json"),
});
