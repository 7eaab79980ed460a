import { addTexts } from "../i18n.ts";

// A module that imports this one runs when these texts are there. No other page has to load them.
await addTexts({
  en: () => import("./judges/en.json"),
  "pt-BR": () => import("./judges/pt-BR.json"),
  zh: () => import("./judges/zh.json"),
});
