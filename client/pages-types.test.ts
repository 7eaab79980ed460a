import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problem } from "./testing/fixtures/problems.ts";
import { accessibilityFaults, DIST, narrow, openOwn, page, usePages, visit, write } from "./testing/stage.ts";

usePages();

// What `npm run build` puts beside the client; a client that was built alone has none.
describe.skipIf(!existsSync(join(DIST, "runtimes.json")))(
  "checking types (skipped when the build has no runtimes)",
  () => {
    it("tells what does not fit, marks it, leads to it, and is asked for in TypeScript alone", async () => {
      // A service worker's own requests cannot be answered by a test.
      await openOwn({ viewport: narrow, serviceWorkers: "block" });
      await page.route(`**/api/problems/${problem.slug}`, (route) =>
        route.fulfill({ json: { ...problem, languages: ["javascript", "typescript"] } }),
      );
      await visit(`/problems/${problem.slug}`);
      await page.getByRole("button", { name: "Code" }).click();
      const language = page.getByLabel("Programming language");
      const button = page.getByRole("button", { name: "Check types" });
      await language.selectOption("typescript");
      await write("const text: string = 1;\nconsole.log(text);\n");
      await button.click();
      await page.getByText("1 type error").waitFor({ timeout: 60_000 });
      await page.locator(".cm-lint-marker-error").waitFor();
      expect(await accessibilityFaults()).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await page.getByRole("button", { name: "main.ts:1:7" }).click();
      await page.locator(".cm-focused .cm-activeLine").getByText("const text: string = 1;").waitFor();
      await write("console.log(1);");
      await button.click();
      await page.getByText("The types fit.").waitFor();
      await page.locator(".cm-lint-marker-error").waitFor({ state: "detached" });

      await language.selectOption("javascript");
      await button.waitFor({ state: "detached" });
    });
  },
);
