import { describe, expect, it } from "vitest";
import { accessibilityFaults, narrow, open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const sent = () => site.changes.map(({ call, body }) => ({ call, body: JSON.parse(body) }));

describe("a key", () => {
  it("is edited in a dialog: its name, its pages, and the wishes that the form knows; the others stay", async () => {
    await open();
    await visit("/market/keys");
    await page.getByRole("button", { name: "Edit editor" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit editor" });
    const value = (label: string) => dialog.getByLabel(label).inputValue();
    expect(await Promise.all(["Name", "Only these providers", "Prefer"].map(value))).toEqual([
      "editor",
      "embedded, a-tab-of-ana",
      "price",
    ]);
    expect(await value("Highest price of the answer")).toBe("0.9");
    expect(await accessibilityFaults()).toEqual([]);
    await dialog.getByLabel("Name").fill("class of 2026");
    await dialog.getByLabel("Web pages that may use it (optional)").fill("");
    await dialog.getByLabel("Only these providers").fill("embedded");
    await dialog.getByLabel("Highest price of the prompt").fill(" 0.2 ");
    await dialog.getByLabel("Prefer").selectOption({ label: "the best all in all" });
    await dialog.getByLabel("Another provider may take over from one that fails").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(sent()).toEqual([
      {
        call: "PATCH /api/keys/key-2",
        body: {
          name: "class of 2026",
          origins: [],
          wishes: {
            only: ["embedded"],
            max_price: { prompt: "0.2", completion: "0.9" },
            allow_fallbacks: false,
          },
        },
      },
    ]);
  });

  it("has its dialog whole on a narrow screen", async () => {
    await open({ viewport: narrow });
    await visit("/market/keys");
    await page.getByRole("button", { name: "Edit editor" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit editor" });
    await dialog.getByLabel("Highest price of the answer").waitFor();
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  it("stays as it is when its dialog is left", async () => {
    await open();
    await visit("/market/keys");
    await page.getByRole("button", { name: "Edit night batch" }).click();
    await page.getByLabel("None of these providers").fill("embedded");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(site.changes).toEqual([]);
  });
});

describe("the wishes and names of an account", () => {
  it("are changed together, and what only the API sets is told and kept", async () => {
    await open({ viewport: narrow });
    await visit("/market/wishes");
    await page.getByText("These were set by the API, and stay as they are: quantizations.").waitFor();
    expect(await page.getByLabel("Another provider may take over from one that fails").isChecked()).toBe(
      false,
    );
    await page.getByLabel("None of these providers").fill("a-tab-of-ana lab-9");
    await page.getByLabel("Lowest speed").fill("7.5");
    await page.getByRole("button", { name: "Add a name" }).click();
    await page.locator(":focus").fill("fast");
    expect(await page.getByLabel("Name", { exact: true }).nth(1).inputValue()).toBe("fast");
    await page.getByLabel("Models", { exact: true }).nth(1).fill("tabarena-tiny,\tqwen3-8b");
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole("button", { name: "Remove gpt-4o-mini" }).click();
    expect(await page.locator(":focus").innerText()).toBe("Add a name");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next request on.").waitFor();
    expect(sent()).toEqual([
      {
        call: "PUT /api/wishes",
        body: {
          wishes: {
            quantizations: ["int8"],
            ignore: ["a-tab-of-ana", "lab-9"],
            min_tokens_per_second: 7.5,
            allow_fallbacks: false,
          },
          aliases: [{ name: "fast", models: ["tabarena-tiny", "qwen3-8b"] }],
        },
      },
    ]);
  });

  it("begin with nothing", async () => {
    site.market = { ...site.market, used: false };
    await open();
    await visit("/market/wishes");
    await page.getByText("There are none yet.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next request on.").waitFor();
    expect(sent()).toEqual([{ call: "PUT /api/wishes", body: { wishes: {}, aliases: [] } }]);
  });
});

describe("names for everybody", () => {
  it("are administrators' to give, and what is wrong with one stands beside it", async () => {
    await open();
    await visit("/admin/aliases");
    await page.getByRole("button", { name: "Add a name" }).click();
    await page.getByLabel("Name", { exact: true }).nth(1).fill("all");
    await page.getByLabel("Models", { exact: true }).nth(1).fill("a b c d e f g h i");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("At most 8 models.", { exact: true }).waitFor();
    expect(await page.getByLabel("Models", { exact: true }).nth(1).getAttribute("aria-invalid")).toBe("true");
    expect(sent().map(({ body }) => body.aliases.map(({ name }: { name: string }) => name))).toEqual([
      ["gpt-4o", "all"],
    ]);
  });
});

describe("requests", () => {
  it("that asked for another name tell it beside the model that served them", async () => {
    await open();
    await visit("/market/requests");
    await page.getByText("asked for as gpt-4o-mini").waitFor();
  });
});
