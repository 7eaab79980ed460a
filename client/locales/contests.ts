import { addTexts } from "../i18n.ts";

// Times, formats and rules of contests, which not every page shows.
await addTexts({
  en: () => import("./contests/en.json"),
  "pt-BR": () => import("./contests/pt-BR.json"),
  zh: () => import("./contests/zh.json"),
});
