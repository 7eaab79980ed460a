import { addTexts } from "../i18n.ts";

// Only scoreboards have these.
await addTexts({
  en: () => import("./board/en.json"),
  "pt-BR": () => import("./board/pt-BR.json"),
  zh: () => import("./board/zh.json"),
});
