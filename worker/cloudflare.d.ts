/// <reference types="@cloudflare/vitest-plugin/types" />
import type { Env as Bindings } from "./env.ts";
import type worker from "./index.ts";

declare global {
  namespace Cloudflare {
    /** What `env` of `cloudflare:workers` is; used by tests. */
    interface Env extends Bindings {
      /** Migrations for the tests' database (test/worker-setup.ts). */
      TEST_MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
      /** Whether tests take the time for their full counts. */
      TEST_LONG: boolean;
    }
    interface GlobalProps {
      mainModule: { default: typeof worker };
    }
  }
}
