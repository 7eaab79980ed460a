import { describe, expect, it } from "vitest";
import { SECRET, TOKEN } from "./testing/market.ts";
import {
  accessibilityFaults,
  expectWellMade,
  narrow,
  open,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";

usePages();

const region = (name: string) => page.getByRole("region", { name, exact: true });
const cells = (row: number) => page.getByRole("row").nth(row).locator("th, td").allInnerTexts();
const bodies = () =>
  site.changes.map(({ call, body }) => ({ call, body: body === "" ? "" : JSON.parse(body) }));

describe("the models", () => {
  it("are for strangers too: what an offer costs to the last decimal, how fast it is, and whether it is free", async () => {
    site.signedIn = false;
    await open();
    await visit("/market");
    const offers = region("Offers of tabarena-tiny").getByRole("row");
    expect(await offers.nth(2).locator("th, td").allInnerTexts()).toEqual(
      [
        "embedded program",
        "0.1",
        "0.01",
        "0.4",
        "8.3 tokens/s",
        "0 of 2 free",
        "100 %",
        "73.1 %",
        "512 answers up to 256",
        "F16 node-llama-cpp b11364 cpu can do: chat, completion, embedding",
      ].map((text) => expect.stringMatching(new RegExp(`^${text.replaceAll(" ", "\\s+")}$`))),
    );
    expect(await offers.nth(3).innerText()).toMatch(/browser tab.*–.*takes no more.*not said/s);
    await page.getByText("can do: chat, tools, json_schema", { exact: true }).waitFor();
    await page.getByText("3 requests wait for a free slot").waitFor();
    await page.getByText(/2\.5 % is the site's fee/).waitFor();
    await page.getByText(/can read what you send/).waitFor();
    const makeKey = page.getByRole("link", { name: "Make a key" });
    expect(await makeKey.getAttribute("href")).toBe("/sign-in?next=%2Fmarket%2Fkeys");
  });

  it("are called as the examples say, which are kept in the language that was chosen", async () => {
    await open();
    await visit("/market");
    const example = page.locator("pre");
    expect(await example.textContent()).toContain(`curl ${site.url}/v1/chat/completions`);
    await page.getByLabel("Example in").selectOption({ label: "Python" });
    await page.getByRole("combobox", { name: "Model" }).selectOption("tabarena-tiny");
    expect(await example.textContent()).toMatch(/base_url="http.*model="tabarena-tiny"/s);
    await visit("/market");
    expect(await example.textContent()).toContain("from openai import OpenAI");
    await page.getByRole("combobox", { name: "Model" }).selectOption("tabarena-tiny");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the example for Python" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await example.textContent());
  });

  it("follow the page's language with texts that only the market loads", async () => {
    await open();
    await visit("/market");
    await page.getByRole("banner").getByRole("combobox").selectOption("pt-BR");
    await page.getByRole("heading", { name: "Modelos", level: 1 }).waitFor();
    await page.getByRole("columnheader", { name: "Velocidade" }).first().waitFor();
    await page
      .getByRole("navigation", { name: "Principal" })
      .getByRole("link", { name: "Problemas" })
      .click();
    await page.getByRole("heading", { name: "Problemas", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Mercado" }).click();
    await page.getByRole("heading", { name: "Modelos", level: 1 }).waitFor();
  });

  it("that nobody offers lead to becoming a provider", async () => {
    site.market = { ...site.market, used: false };
    await open();
    await visit("/market");
    await page.getByText("Nobody offers a model at this moment.").waitFor();
    await page.getByRole("link", { name: "Become a provider" }).click();
    await page.getByRole("heading", { name: "My providers", level: 1 }).waitFor();
    const nav = page.getByRole("navigation", { name: "Market" });
    expect(await nav.getByRole("link", { name: "My providers" }).getAttribute("aria-current")).toBe("page");
    const main = page.getByRole("navigation", { name: "Main" });
    expect(await main.getByRole("link", { name: "Market" }).getAttribute("aria-current")).toBe("page");
  });
});

describe("keys", () => {
  it("are shown once, with how a program gets them", async () => {
    await open();
    await visit("/market/keys");
    await page.getByLabel("Name").fill("new");
    await page.getByRole("button", { name: "Make the key" }).click();
    const dialog = page.getByRole("dialog", { name: "Key new" });
    await dialog.getByText(SECRET, { exact: true }).waitFor();
    await dialog.getByText(`export TABARENA_API_KEY=${SECRET}`).waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.getByText(SECRET).count()).toBe(0);
    expect(await page.getByLabel("Name").inputValue()).toBe("");
    expect(bodies()).toEqual([{ call: "POST /api/keys", body: { name: "new", origins: [] } }]);
  });

  it("are for programs, or for the pages that are named with them, one a line or after commas", async () => {
    await open();
    await visit("/market/keys");
    await page.getByLabel("Name").fill("new");
    const origins = page.getByLabel("Web pages that may use it (optional)");
    await origins.fill("https://app.example.com\n http://localhost:5173, *\n");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByRole("dialog", { name: "Key new" }).waitFor();
    expect(bodies().map(({ body }) => body.origins)).toEqual([
      ["https://app.example.com", "http://localhost:5173", "*"],
    ]);
    await page.keyboard.press("Escape");
    expect(await origins.inputValue()).toBe("");
  });

  it("are told apart, and revoked only after saying what comes of it", async () => {
    await open();
    await visit("/market/keys");
    const second = await cells(2);
    expect(await cells(1)).toEqual([
      "editor",
      "…9f3a",
      "https://editor.example.com\nhttp://localhost:5173",
      "only, sort, max_price",
      expect.any(String),
      expect.any(String),
      expect.stringMatching(/^Edit\s+Revoke$/),
    ]);
    expect([2, 3, 5].map((column) => second[column])).toEqual(["none", "none", "never"]);
    await page.getByRole("button", { name: "Revoke night batch" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke night batch?" });
    await dialog.getByText(/refused at once/).waitFor();
    expect(site.changes).toEqual([]);
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(bodies()).toEqual([{ call: "DELETE /api/keys/key-1", body: "" }]);
  });
});

describe("requests", () => {
  it("say who served them, what they cost or hold, and what became of them", async () => {
    await open();
    await visit("/market/requests");
    const rows = page.getByRole("row");
    const says = (row: number, ...texts: string[]) =>
      Promise.all(texts.map((text) => rows.nth(row).getByText(text, { exact: true }).first().waitFor()));
    await says(1, "key editor", "0.1024 held", "streamed");
    expect(await rows.nth(1).getByText("under way").count()).toBe(2);
    await says(2, "complete", "lost its connection", "120 tokens", "finished", "1,024 cached", "0.00015224");
    await says(2, "412 ms", "38.2 s");
    await says(3, "cut off at its token limit", "1,800 ms");
    await says(4, "you hung up", "called off");
    await says(5, "broken off", "stopped writing", "The provider was lost, and no other could go on.");
    await says(6, "no answer", "refused", "did not answer");
  });

  it("say why their provider was chosen, and why others were not, when that is asked for", async () => {
    await open();
    await visit("/market/requests");
    const why = page.getByRole("button", { name: /^Why this provider\?/ });
    expect(await why.count()).toBe(6);
    await why.nth(1).click();
    expect(await why.nth(1).getAttribute("aria-expanded")).toBe("true");
    const offers = region("Offers considered for request job-0005").getByRole("row");
    await offers.first().waitFor();
    const row = async (index: number) =>
      (await offers.nth(index).locator("th, td").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
    expect(await row(1)).toEqual([
      "a-tab-of-ana chosen",
      "As good as the best by price; chance decided.",
      "0.0001032",
      "231 ms",
      "8.3 tokens/s",
      "100 %",
      "1 of 2 busy",
      "50 %",
    ]);
    expect((await row(2))[1]).toBe("As good as the best by price; chance took another.");
    expect(await row(3)).toEqual(expect.arrayContaining(["All of its slots were busy.", "–", "1 of 1 busy"]));
    expect((await row(4))[1]).toBe("Its context has room for 512 tokens; at least 1,460 are needed.");
    await page.getByText("12 more offers are not shown.").waitFor();
    await page.getByText(/another took over/).waitFor();
    await why.nth(2).click();
    await page.getByText(/No reasons are kept of this request/).waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    await why.nth(1).click();
    await offers.first().waitFor({ state: "detached" });
  });

  it("fit the reasons to a narrow screen, wherever the table around them was scrolled to", async () => {
    await open({ viewport: narrow });
    await visit("/market/requests");
    await page
      .getByRole("button", { name: /^Why this provider\?/ })
      .nth(1)
      .click();
    const offers = region("Offers considered for request job-0005");
    await offers.waitFor();
    const width = () => offers.evaluate((box) => box.getBoundingClientRect().width);
    expect(await width()).toBeLessThanOrEqual(360);
    expect(await width()).toBeGreaterThan(240);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await region("My requests").evaluate((box) => box.scrollTo(400, 0));
    const left = await offers.evaluate((box) => box.getBoundingClientRect().left);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left).toBeLessThan(60);
  });

  it("are read in parts, each with an address", async () => {
    await open();
    await visit("/market/requests");
    await page.getByRole("link", { name: "Older" }).click();
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    expect(new URL(page.url()).search).toBe("?before=job-0001");
    expect(await page.getByRole("link", { name: "Older" }).count()).toBe(0);
    await page.getByRole("link", { name: "Newest" }).click();
    await expect.poll(() => page.getByRole("row").count()).toBe(7);
  });
});

describe("providers", () => {
  const card = (name: string) => region(name);

  it("say whether they are connected, what they offer, and what they have earned", async () => {
    await open();
    await visit("/market/providers");
    const embedded = await card("embedded").innerText();
    for (const text of ["connected", "tabarena-agent 0.1.0", "1 of 2 busy", "98.8 %", "12,345", "2,345,678"])
      expect(embedded).toContain(text);
    expect(embedded).toContain("0.9382712 credits");
    expect(await card("lab-9").innerText()).toContain("takes no more");
    expect(await card("laptop").innerText()).toMatch(
      /not connected.*never connected.*Success\s*–.*offered nothing yet/s,
    );
  });

  it("are made by name, and their token is shown once with the command that starts the agent", async () => {
    await open();
    await visit("/market/providers");
    await page.getByLabel("Name").fill("shed-1");
    await page.getByRole("button", { name: "Make its token" }).click();
    const dialog = page.getByRole("dialog", { name: "Token of shed-1" });
    const command = await dialog.locator("pre").textContent();
    expect(command).toContain(`AGENT_TOKEN=${TOKEN} npm run agent`);
    expect(command).toContain(`--url ${site.url} `);
    expect(await accessibilityFaults()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByText(TOKEN).first().waitFor({ state: "detached" });
    expect(await page.getByText(TOKEN).count()).toBe(0);
    expect(bodies()).toEqual([{ call: "POST /api/providers", body: { id: "shed-1" } }]);
  });

  it("get another token, or are revoked, only after saying what comes of it", async () => {
    await open();
    await visit("/market/providers");
    await page.getByRole("button", { name: "New token of lab-9" }).click();
    const first = page.getByRole("dialog", { name: "Make a new token of lab-9?" });
    await first.getByText(/stops working at once/).waitFor();
    await first.getByRole("button", { name: "New token" }).click();
    await page.getByRole("dialog", { name: "Token of lab-9" }).getByText(TOKEN, { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Revoke laptop" }).click();
    await page
      .getByRole("dialog", { name: "Revoke laptop?" })
      .getByRole("button", { name: "Revoke" })
      .click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(bodies()).toEqual([
      { call: "POST /api/providers/lab-9/token", body: "" },
      { call: "DELETE /api/providers/laptop", body: "" },
    ]);
  });

  it("show their jobs in parts, of one provider at a time", async () => {
    await open();
    await visit("/market/providers");
    await page.getByRole("link", { name: "Show its jobs: embedded" }).click();
    const jobs = region("Jobs of embedded").getByRole("row");
    await expect.poll(() => jobs.count()).toBe(4);
    expect(await jobs.nth(3).innerText()).toContain("went on differently");
    await page.getByRole("link", { name: "Older" }).click();
    await expect.poll(() => jobs.count()).toBe(2);
    expect(new URL(page.url()).search).toBe("?jobs=embedded&before=job-0004");
  });
});

describe("the ledger", () => {
  it("says what may be spent, what is set aside, and every amount that moved with what there was afterwards", async () => {
    await open();
    await visit("/market/ledger");
    await page.getByText("9.89744776 credits").waitFor();
    await page.getByText("0.1024 credits").waitFor();
    expect((await cells(2)).slice(1)).toEqual([
      "set aside for a request",
      "To spend",
      "-0.1024",
      "9.89744776",
      "request job-0006",
    ]);
    expect((await cells(4)).slice(1, 4)).toEqual([
      "nothing to pay: all came back",
      "To spend",
      "+0.00024776",
    ]);
    await page.getByText(/set aside ahead for the next request/).waitFor();
    expect((await cells(5)).slice(1)).toEqual([
      "given by an administrator",
      "To spend",
      "+9",
      "10",
      "for the workshop",
    ]);
  });
});

describe("grants", () => {
  const fill = async (): Promise<void> => {
    await page.getByLabel("Username").fill("bo");
    await page.getByLabel("Credits", { exact: true }).fill("2.5");
    await page.getByLabel("Note").fill("for the workshop");
  };
  const give = () => page.getByRole("button", { name: "Give", exact: true }).click();
  const keyOf = (at: number): unknown => bodies()[at]?.body.key;

  it("go to an account by its username, and what is sent again has the same key until it was given", async () => {
    site.market = {
      ...site.market,
      grantRefused: { status: 400, code: "invalid_request", details: ["amount: must be more than nothing"] },
    };
    await open();
    await visit("/admin/market");
    await fill();
    await give();
    await page.getByText("Must be more than nothing.").waitFor();
    expect(await page.getByLabel("Credits", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    site.market = { ...site.market, grantRefused: null };
    await give();
    await page.getByText("Given: 2.5 credits to bo, who may spend 12.5 now.").waitFor();
    await fill();
    await give();
    await expect.poll(() => site.changes.length).toBe(3);
    expect(bodies()[0]).toEqual({
      call: "POST /api/grants",
      body: {
        key: expect.stringMatching(/^[0-9a-f-]{36}$/),
        account: "account-bo",
        amount: "2.5",
        note: "for the workshop",
      },
    });
    expect(keyOf(1)).toBe(keyOf(0));
    expect(keyOf(2)).not.toBe(keyOf(0));
  });

  it("that were given before with something else in them can be sent as new", async () => {
    site.market = { ...site.market, grantRefused: { status: 409, code: "key_taken", details: [] } };
    await open();
    await visit("/admin/market");
    await fill();
    await give();
    await page.getByRole("alert").waitFor();
    site.market = { ...site.market, grantRefused: null };
    await give();
    await page.getByText(/^Given:/).waitFor();
    expect(keyOf(1)).not.toBe(keyOf(0));
  });

  it("to nobody are not sent", async () => {
    await open();
    await visit("/admin/market");
    await fill();
    await page.getByLabel("Username").fill("nobody");
    await give();
    await page.getByText("No account has this username.").waitFor();
    expect(site.changes).toEqual([]);
  });
});

describe("the books", () => {
  it("are in balance, with sums beyond what a number holds exactly", async () => {
    await open();
    await visit("/admin/market");
    const books = region("Books");
    await books.getByText("in balance", { exact: true }).waitFor();
    await books.getByText("12,345,678,901.23456789", { exact: true }).waitFor();
    await books.getByText("12,345,678,901.336971696", { exact: true }).waitFor();
    expect(await books.getByRole("table").count()).toBe(0);
  });

  it("say loudly what does not add up", async () => {
    site.market = { ...site.market, balanced: false };
    await open();
    await expectWellMade("/admin/market", "en");
    const main = page.getByRole("navigation", { name: "Main" });
    expect(await main.getByRole("link", { name: "Market" }).getAttribute("aria-current")).toBe("page");
    await region("Books").getByText("not in balance").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("6 findings");
    expect(await cells(1)).toEqual([
      "A balance is the sum of its postings.",
      "user:account-bo-balance",
      "0",
      "-0.000000001",
    ]);
  });
});
