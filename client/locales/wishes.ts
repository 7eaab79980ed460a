import { addTexts } from "../i18n.ts";

// Only the forms of wishes and of names for models have these.
await addTexts({
  en: () => import("./wishes/en.json"),
  "pt-BR": () => import("./wishes/pt-BR.json"),
  zh: () => import("./wishes/zh.json"),
});
