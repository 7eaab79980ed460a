import { addTexts } from "../i18n.ts";

// A module that imports this one runs when these texts are there. No other page has to load them.
await addTexts({
  en: () => import("./provide/en.json"),
  "pt-BR": () => import("./provide/pt-BR.json"),
  zh: () => import("./provide/zh.json"),
});
