import { addTexts } from "../i18n.ts";

// Only pages of figures have these: a contest's, a student's, and ratings.
await addTexts({
  en: () => import("./statistics/en.json"),
  "pt-BR": () => import("./statistics/pt-BR.json"),
  zh: () => import("./statistics/zh.json"),
});
