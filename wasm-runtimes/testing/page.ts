import * as host from "../host.ts";

/** The page of the browser tests: nothing but the host, for the tests to call. */
Object.assign(globalThis, { host });
document.title = "ready";
