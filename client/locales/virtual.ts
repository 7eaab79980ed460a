import { addTexts } from "../i18n.ts";

// Only contests that are over have virtual runs and recordings.
await addTexts({
  en: () => import("./virtual/en.json"),
  "pt-BR": () => import("./virtual/pt-BR.json"),
  zh: () => import("./virtual/zh.json"),
});
