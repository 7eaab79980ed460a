import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { type TabModel, TabModelList, TabModelShelf } from "../protocol/tab-model.ts";
import { modelHosts } from "./model-hosts.ts";
import { bindings, signedUp, Visitor } from "./testing.ts";
import { imported, modelOf } from "./weights-testing.ts";

let administrator: Visitor;
let hash: string;
const BYTES = 30;
beforeAll(async () => {
  administrator = await signedUp("administrator");
  ({ hash } = await imported(administrator, BYTES));
});

const put = (model: object & { name: string }, more: object = {}) =>
  administrator.call("PUT", `/api/tab-models/${encodeURIComponent(model.name)}`, {
    model,
    enabled: true,
    ...more,
  });
const told = async (): Promise<string[]> =>
  v.parse(TabModelList, await new Visitor().get("/api/tab-models")).models.map(({ name }) => name);
const details = async (answer: Response): Promise<unknown> => [
  answer.status,
  ...((await answer.json<{ details?: string[] }>()).details ?? []),
];

/** All that web-llm needs, with every file here. */
const webLlm = (name: string, without = ""): TabModel => ({
  ...modelOf(name, hash, BYTES),
  engine: "web-llm",
  features: ["shader-f16"],
  files: ["mlc-chat-config.json", "tensor-cache.json", "tokenizer.json", "tiny.wasm", "params_shard_0.bin"]
    .filter((path) => path !== without)
    .map((path) => ({ path, sha256: hash, bytes: BYTES, url: `/weights/${hash}` })),
});

describe("a model for tabs", () => {
  it("is told to everybody while it is enabled, in the order of the list", async () => {
    for (const name of ["b", "a", "off"]) await put(modelOf(name, hash, BYTES), { enabled: name !== "off" });
    await put(webLlm("lab/first"), { position: 0 });
    await put(modelOf("a", hash, BYTES), { position: 5 });
    expect(await told()).toEqual(["b", "lab/first", "a"]);
    const { models } = v.parse(TabModelShelf, await administrator.get("/api/organise/tab-models"));
    expect(models.find(({ model }) => model.name === "off")).toMatchObject({
      enabled: false,
      forbiddenHosts: [],
    });
    for (const name of ["a", "b", "off", "lab%2Ffirst"])
      expect((await administrator.call("DELETE", `/api/tab-models/${name}`)).status).toBe(200);
    expect(await told()).toEqual([]);
    expect((await administrator.call("DELETE", "/api/tab-models/a")).status).toBe(404);
  });

  it("is written down with who changed it", async () => {
    await put(modelOf("noted", hash, BYTES));
    await administrator.call("DELETE", "/api/tab-models/noted");
    const { results } = await bindings.DB.prepare(
      "SELECT action, data FROM audit_log WHERE subject = 'noted' ORDER BY id",
    ).all<{ action: string; data: string }>();
    expect(results).toEqual([
      { action: "tab-model.change", data: '{"engine":"wllama","enabled":1}' },
      { action: "tab-model.delete", data: "{}" },
    ]);
  });

  const file = { path: "a.gguf", sha256: "0".repeat(64), bytes: 5, url: `/weights/${"0".repeat(64)}` };
  const own = () => ({ ...file, sha256: hash, bytes: BYTES, url: `/weights/${hash}` });
  it.each<[string, () => object, string]>([
    [
      "of weights that are not here",
      () => ({ files: [file] }),
      "model.files.0.url: there are no such weights here; import them first",
    ],
    [
      "whose file has another size",
      () => ({ files: [{ ...own(), bytes: 31 }] }),
      "model.files.0.bytes: these weights have 30 bytes",
    ],
    [
      "from a host that the operator does not allow",
      () => ({ files: [{ ...file, url: "https://models.example.com/a.gguf" }] }),
      "model.files.0.url: models.example.com is none of the hosts in MODEL_HOSTS",
    ],
    [
      "from an address without encryption",
      () => ({ files: [{ ...file, url: "http://models.example.com/a.gguf" }] }),
      "model.files.0.url: must be /weights/ and a SHA-256, or an https:// address of a file",
    ],
    [
      "from an address that browsers would read in another way",
      () => ({ files: [{ ...file, url: "https://models.example.com\\@evil.example/a.gguf" }] }),
      "model.files.0.url: must be /weights/ and a SHA-256, or an https:// address of a file",
    ],
    [
      "whose url is that of other bytes",
      () => ({ files: [{ ...own(), sha256: "1".repeat(64) }] }),
      "model.files.0: its url is that of other bytes than its sha256",
    ],
    ["with no files", () => ({ files: [] }), "model.files: at least one file"],
    [
      "with two files of one path",
      () => ({ engine: "web-llm", files: [...webLlm("wrong").files, ...webLlm("wrong").files.slice(-1)] }),
      "model.files: two files have the same path",
    ],
    [
      "with what is no GGUF",
      () => ({ files: [{ ...own(), path: "a.bin" }] }),
      "model.files: wllama reads nothing but .gguf, and not a.bin",
    ],
    [
      "with some of the parts",
      () => ({ files: [{ ...own(), path: "a-00001-of-00002.gguf" }] }),
      "model.files: must be one .gguf, or all its parts in order, named NAME-00001-of-00003.gguf and so on",
    ],
    [
      "of another name than its address",
      () => ({ name: "other" }),
      "model.name: must be the name that the address has",
    ],
  ])("%s is refused", async (_, change, complaint) => {
    const answer = await administrator.call("PUT", "/api/tab-models/wrong", {
      model: { ...modelOf("wrong", hash, BYTES), ...change() },
      enabled: true,
    });
    expect(await details(answer)).toEqual([400, complaint]);
    expect(await told()).not.toContain("wrong");
  });

  it.each([
    ["mlc-chat-config.json", "web-llm needs mlc-chat-config.json"],
    ["tensor-cache.json", "web-llm needs tensor-cache.json"],
    ["tokenizer.json", "web-llm needs tokenizer.json or tokenizer.model"],
    ["tiny.wasm", "web-llm needs one library, a file that ends in .wasm"],
    ["params_shard_0.bin", "web-llm needs the weights, files that end in .bin"],
  ])("for web-llm without %s is refused", async (without, complaint) => {
    expect(await details(await put(webLlm("wrong", without)))).toEqual([400, `model.files: ${complaint}`]);
  });

  it("is not told of while a host of its files is no longer allowed", async () => {
    const model = {
      ...modelOf("elsewhere", hash, BYTES),
      files: [{ ...file, url: "https://gone.example.com/a.gguf" }],
    };
    await bindings.DB.prepare("INSERT INTO tab_models VALUES ('elsewhere', ?, 1, 0)")
      .bind(JSON.stringify(model))
      .run();
    expect(await told()).not.toContain("elsewhere");
    const { models } = v.parse(TabModelShelf, await administrator.get("/api/organise/tab-models"));
    expect(models.find(({ model: { name } }) => name === "elsewhere")?.forbiddenHosts).toEqual([
      "gone.example.com",
    ]);
    await administrator.call("DELETE", "/api/tab-models/elsewhere");
  });

  it("can't come to need what is being deleted, whoever is first", async () => {
    const insert = bindings.DB.prepare("INSERT INTO tab_models VALUES ('late', ?, 1, 0)").bind(
      JSON.stringify(modelOf("late", "2".repeat(64), 5)),
    );
    await expect(insert.run()).rejects.toThrow("a model needs weights that are not here");
  });
});

describe("the hosts that weights may come from", () => {
  it("are none unless the operator names some, with spaces between", () => {
    expect(modelHosts(bindings)).toEqual([]);
    expect(modelHosts({ MODEL_HOSTS: " Models.example.com  b.example:8443\nmodels.example.com" })).toEqual([
      "models.example.com",
      "b.example:8443",
    ]);
  });

  it.each(["https://models.example.com", "a.example/", "a.example;script-src", "*.example.com", "'self'"])(
    "%s is an error that says so",
    (text) => {
      expect(() => modelHosts({ MODEL_HOSTS: text })).toThrow("MODEL_HOSTS has");
    },
  );
});
