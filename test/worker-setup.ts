import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// Each file of tests has a storage of its own, which begins empty.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
