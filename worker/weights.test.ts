import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { Weights, WEIGHTS_PART_BYTES, WeightsImport, WeightsList } from "../protocol/weights.ts";
import { sha256 } from "./digest.ts";
import { bindings, signedUp, Visitor } from "./testing.ts";
import { imported, modelOf, newBytes } from "./weights-testing.ts";

let administrator: Visitor;
const reader = new Visitor();
beforeAll(async () => {
  administrator = await signedUp("administrator");
});

const complaints = async (answer: Response): Promise<unknown> => {
  const { code, details } = await answer.json<{ code: string; details?: string[] }>();
  return [answer.status, code, ...(details ?? [])];
};
const listed = async () => v.parse(WeightsList, await administrator.get("/api/weights"));
const bytesOf = async (answer: Response): Promise<number[]> => [
  ...new Uint8Array(await answer.arrayBuffer()),
];
const audits = (subject: string) =>
  bindings.DB.prepare("SELECT action FROM audit_log WHERE subject = ? ORDER BY id")
    .bind(subject)
    .all<{ action: string }>()
    .then(({ results }) => results.map(({ action }) => action));

describe("weights that are imported in one request", () => {
  it("are there for everybody under their hash, and written down with who brought them", async () => {
    const { bytes, hash } = await imported(administrator, 1000);
    const answer = await reader.call("GET", `/weights/${hash}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "accept-ranges": "bytes",
      "cache-control": "public, max-age=31536000, immutable",
      "content-length": "1000",
      "content-type": "application/octet-stream",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      etag: `"${hash}"`,
    });
    expect(await bytesOf(answer)).toEqual([...bytes]);
    const found = (await listed()).weights.find(({ sha256: one }) => one === hash);
    expect(found).toMatchObject({ name: "tiny.gguf", bytes: 1000, models: [] });
    expect(await audits(hash)).toEqual(["weights.import"]);
  });

  it("are kept once, under the name that they had first", async () => {
    const { bytes, hash } = await imported(administrator, 10);
    const again = await administrator.call("PUT", `/api/weights/${hash}?name=other.gguf`, bytes);
    expect([again.status, v.parse(Weights, await again.json()).name]).toEqual([200, "tiny.gguf"]);
    expect((await bindings.BLOBS.list({ prefix: `weights/${hash}/` })).objects).toHaveLength(1);
  });

  it("are refused when they have another hash, and nothing of them is kept", async () => {
    const { bytes } = await newBytes(10);
    const { hash } = await newBytes(10);
    const answer = await administrator.call("PUT", `/api/weights/${hash}?name=a.gguf`, bytes);
    expect(await complaints(answer)).toEqual([
      400,
      "invalid_request",
      "sha256: the bytes that came have another SHA-256",
    ]);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(404);
    expect((await bindings.BLOBS.list({ prefix: `weights/${hash}/` })).objects).toEqual([]);
  });

  it.each<[string, string, Uint8Array | undefined, unknown[]]>([
    [
      "no hash",
      "/api/weights/tiny?name=a",
      new Uint8Array(1),
      [400, "invalid_request", "sha256: not a SHA-256"],
    ],
    [
      "no name",
      `/api/weights/${"0".repeat(64)}`,
      new Uint8Array(1),
      [400, "invalid_request", expect.stringContaining("name: ")],
    ],
    [
      "a name with a path",
      `/api/weights/${"0".repeat(64)}?name=a/b`,
      new Uint8Array(1),
      [400, "invalid_request", "name: must be a file's name: letters, digits, dots, hyphens, underscores"],
    ],
    [
      "no bytes",
      `/api/weights/${"0".repeat(64)}?name=a`,
      undefined,
      [400, "invalid_request", expect.stringContaining("content-length: ")],
    ],
    [
      "more than one request may bring",
      `/api/weights/${"0".repeat(64)}?name=a`,
      new Uint8Array(WEIGHTS_PART_BYTES + 1),
      [413, "too_large"],
    ],
  ])("are refused with %s", async (_, path, body, refusal) => {
    expect(await complaints(await administrator.call("PUT", path, body))).toEqual(refusal);
  });

  it("are only administrators' to bring, list and delete", async () => {
    const organiser = await signedUp("organiser");
    const { hash } = await imported(administrator, 5);
    for (const [method, path] of [
      ["GET", "/api/weights"],
      ["PUT", `/api/weights/${hash}?name=a`],
      ["DELETE", `/api/weights/${hash}`],
      ["POST", `/api/weights/${hash}/parts`],
      ["PUT", `/api/weights/${hash}/parts/1`],
      ["DELETE", `/api/weights/${hash}/parts`],
      ["POST", `/api/weights/${hash}/whole`],
      ["GET", "/api/organise/tab-models"],
      ["PUT", "/api/tab-models/a"],
      ["DELETE", "/api/tab-models/a"],
    ] as const) {
      expect([path, (await organiser.call(method, path)).status]).toEqual([path, 403]);
      expect([path, (await reader.call(method, path)).status]).toEqual([path, 401]);
    }
  });
});

describe("weights that are read", () => {
  let hash: string;
  let bytes: Uint8Array;
  beforeAll(async () => {
    ({ hash, bytes } = await imported(administrator, 100));
  });
  const read = (headers: Record<string, string>, method = "GET") =>
    reader.call(method, `/weights/${hash}`, undefined, headers);

  it.each([
    ["bytes=0-9", 0, 10],
    ["bytes=90-", 90, 100],
    ["bytes=90-1000", 90, 100],
    ["bytes=-7", 93, 100],
  ])("in the range %s come as that part", async (range, from, to) => {
    const answer = await read({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/100`);
    expect(answer.headers.get("content-length")).toBe(String(to - from));
    expect(await bytesOf(answer)).toEqual(Array.from(bytes.slice(from, to)));
  });

  it("from beyond their end are refused, with how many there are", async () => {
    const answer = await read({ range: "bytes=100-" });
    expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */100"]);
    expect(await bytesOf(answer)).toEqual([]);
  });

  it("come whole where the range is no one range, or is of something else", async () => {
    for (const headers of [
      { range: "bytes=0-1,5-6" },
      { range: "bytes=9-1" },
      { range: "bytes=0-1", "if-range": `"${"0".repeat(64)}"` },
    ]) {
      const answer = await read(headers);
      expect([answer.status, (await bytesOf(answer)).length]).toEqual([200, 100]);
    }
    expect((await read({ range: "bytes=0-1", "if-range": `"${hash}"` })).status).toBe(206);
  });

  it("are not sent to who has them", async () => {
    for (const tag of [`"${hash}"`, `W/"${hash}"`, `"a", "${hash}"`, "*"]) {
      const answer = await read({ "if-none-match": tag, range: "bytes=100-" });
      expect([tag, answer.status, answer.headers.get("etag")]).toEqual([tag, 304, `"${hash}"`]);
    }
    expect((await read({ "if-none-match": '"other"' })).status).toBe(200);
  });

  it("tell their size to who asks for the head alone", async () => {
    const answer = await read({ range: "bytes=0-9" }, "HEAD");
    expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "100"]);
    expect(await bytesOf(answer)).toEqual([]);
  });

  it("are nothing else that is kept, and no page", async () => {
    await bindings.BLOBS.put(`sha256/${"1".repeat(64)}`, "a package");
    for (const path of [
      `/weights/${"1".repeat(64)}`,
      "/weights/a",
      "/weights",
      "/weights/a/b",
      "/weights/%ff",
    ])
      expect([path, await complaints(await reader.call("GET", path))]).toEqual([path, [404, "not_found"]]);
  });
});

describe("weights that come in parts", () => {
  const SIZE = WEIGHTS_PART_BYTES + 3;
  const begin = (hash: string, bytes = SIZE) =>
    administrator.call("POST", `/api/weights/${hash}/parts`, { name: "large.gguf", bytes });
  const put = (hash: string, number: number, body: Uint8Array) =>
    administrator.call("PUT", `/api/weights/${hash}/parts/${number}`, body);
  const finish = (hash: string) => administrator.call("POST", `/api/weights/${hash}/whole`);
  const first = (bytes: Uint8Array) => bytes.subarray(0, WEIGHTS_PART_BYTES);
  const second = (bytes: Uint8Array) => bytes.subarray(WEIGHTS_PART_BYTES);

  it("are not seen before all have come and were checked together", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    expect((await begin(hash)).status).toBe(201);
    // In any order; an import that broke off is told which have come.
    expect(v.parse(WeightsImport, await (await put(hash, 2, second(bytes))).json()).parts).toEqual([2]);
    expect(await complaints(await finish(hash))).toEqual([409, "not_finished"]);
    const resumed = await begin(hash);
    expect([resumed.status, v.parse(WeightsImport, await resumed.json()).parts]).toEqual([200, [2]]);
    expect((await listed()).imports.map(({ sha256: one }) => one)).toEqual([hash]);
    expect((await put(hash, 1, first(bytes))).status).toBe(200);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(404);
    const whole = await finish(hash);
    expect([whole.status, v.parse(Weights, await whole.json())]).toMatchObject([201, { bytes: SIZE }]);
    const answer = await reader.call("GET", `/weights/${hash}`);
    expect(await sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(hash);
    expect((await listed()).imports.map(({ sha256: one }) => one)).not.toContain(hash);
    expect(await audits(hash)).toEqual(["weights.import"]);
    expect(await complaints(await begin(hash))).toEqual([409, "name_taken"]);
  });

  it("with other bytes than promised are thrown away with all their parts", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    await begin(hash);
    await put(hash, 1, first(bytes));
    await put(hash, 2, new Uint8Array(3));
    expect(await complaints(await finish(hash))).toEqual([
      400,
      "invalid_request",
      "sha256: the bytes that came have another SHA-256",
    ]);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(404);
    expect((await bindings.BLOBS.list({ prefix: `weights/${hash}/` })).objects).toEqual([]);
    expect((await finish(hash)).status).toBe(404);
  });

  it("that were sent twice count once, the later one", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    await begin(hash);
    await put(hash, 2, new Uint8Array(3));
    await put(hash, 1, first(bytes));
    await put(hash, 2, second(bytes));
    expect((await finish(hash)).status).toBe(201);
  });

  it("can be finished when the end broke off after they were put together", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    await begin(hash);
    await put(hash, 1, first(bytes));
    await put(hash, 2, second(bytes));
    const row = await bindings.DB.prepare("SELECT object, upload FROM weight_imports WHERE sha256 = ?")
      .bind(hash)
      .first<{ object: string; upload: string }>();
    const { results } = await bindings.DB.prepare(
      "SELECT number AS partNumber, etag FROM weight_parts WHERE object = ?",
    )
      .bind(row?.object ?? "")
      .all<R2UploadedPart>();
    await bindings.BLOBS.resumeMultipartUpload(row?.object ?? "", row?.upload ?? "").complete(results);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(404);
    expect((await finish(hash)).status).toBe(201);
  });

  it("that the store has lost are begun again", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    await begin(hash);
    const row = await bindings.DB.prepare("SELECT object, upload FROM weight_imports WHERE sha256 = ?")
      .bind(hash)
      .first<{ object: string; upload: string }>();
    await bindings.BLOBS.resumeMultipartUpload(row?.object ?? "", row?.upload ?? "").abort();
    expect(await complaints(await put(hash, 2, second(bytes)))).toEqual([409, "not_finished"]);
    expect((await begin(hash)).status).toBe(201);
  });

  it("can be given up, and begun with another size", async () => {
    const { bytes, hash } = await newBytes(SIZE);
    await begin(hash);
    await put(hash, 2, second(bytes));
    const other = v.parse(WeightsImport, await (await begin(hash, SIZE + 1)).json());
    expect(other).toMatchObject({ bytes: SIZE + 1, parts: [] });
    expect((await administrator.call("DELETE", `/api/weights/${hash}/parts`)).status).toBe(200);
    expect((await listed()).imports.map(({ sha256: one }) => one)).not.toContain(hash);
    expect(await complaints(await put(hash, 2, second(bytes)))).toEqual([404, "not_found"]);
  });

  it("are refused with a number or a length that the whole has no place for", async () => {
    const { hash } = await newBytes(SIZE);
    await begin(hash);
    for (const number of [0, 3, 1.5])
      expect(await complaints(await put(hash, number, new Uint8Array(3)))).toEqual([
        400,
        "invalid_request",
        "number: must be from 1 to 2",
      ]);
    expect(await complaints(await put(hash, 2, new Uint8Array(4)))).toEqual([
      400,
      "invalid_request",
      "content-length: this must be 3 bytes, and is 4",
    ]);
    expect(await complaints(await begin(hash, 0))).toEqual([
      400,
      "invalid_request",
      "bytes: at least one byte",
    ]);
  });
});

describe("weights that are deleted", () => {
  it("are gone, with their bytes, and can be imported again", async () => {
    const { bytes, hash } = await imported(administrator, 20);
    expect((await administrator.call("DELETE", `/api/weights/${hash}`)).status).toBe(200);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(404);
    expect((await bindings.BLOBS.list({ prefix: `weights/${hash}/` })).objects).toEqual([]);
    expect(await complaints(await administrator.call("DELETE", `/api/weights/${hash}`))).toEqual([
      404,
      "not_found",
    ]);
    expect((await administrator.call("PUT", `/api/weights/${hash}?name=a`, bytes)).status).toBe(201);
    expect(await audits(hash)).toEqual(["weights.import", "weights.delete", "weights.import"]);
  });

  it("stay as long as a model uses them, which is named", async () => {
    const { hash } = await imported(administrator, 20);
    for (const name of ["lab/one", "two"]) {
      const path = `/api/tab-models/${encodeURIComponent(name)}`;
      const body = { model: modelOf(name, hash, 20), enabled: name === "two" };
      expect((await administrator.call("PUT", path, body)).status).toBe(200);
    }
    const answer = await administrator.call("DELETE", `/api/weights/${hash}`);
    expect(await complaints(answer)).toEqual([400, "invalid_request", "models: lab/one, two"]);
    expect((await reader.call("GET", `/weights/${hash}`)).status).toBe(200);
    await administrator.call("DELETE", "/api/tab-models/lab%2Fone");
    await administrator.call("DELETE", "/api/tab-models/two");
    expect((await administrator.call("DELETE", `/api/weights/${hash}`)).status).toBe(200);
  });
});
