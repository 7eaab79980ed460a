import { addTexts } from "../i18n.ts";

// Only the show of a contest's results has these.
await addTexts({
  en: () => import("./resolver/en.json"),
  "pt-BR": () => import("./resolver/pt-BR.json"),
  zh: () => import("./resolver/zh.json"),
});
