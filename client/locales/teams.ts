import { addTexts } from "../i18n.ts";

// Only the pages of a contest's teams, and of joining one, have these.
await addTexts({
  en: () => import("./teams/en.json"),
  "pt-BR": () => import("./teams/pt-BR.json"),
  zh: () => import("./teams/zh.json"),
});
