import { addTexts } from "../i18n.ts";

// Only administrators' page of the models for tabs has these.
await addTexts({
  en: () => import("./weights/en.json"),
  "pt-BR": () => import("./weights/pt-BR.json"),
  zh: () => import("./weights/zh.json"),
});
