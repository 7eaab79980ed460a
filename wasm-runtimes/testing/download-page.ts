import * as download from "../download.ts";
import * as shelf from "../shelf.ts";
import * as storage from "../storage.ts";

/** The page of the tests of downloads. */

const loading = { ...download, ...storage, ...shelf };

declare global {
  var loading: typeof import("./download-page.ts").forTests;
}

export const forTests = loading;
globalThis.loading = loading;
document.title = "ready";
