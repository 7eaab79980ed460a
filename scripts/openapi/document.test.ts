import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { openAIErrors } from "../../protocol/openai-error.ts";
import { ROOT } from "../folders.ts";
import { openApiDocument } from "./document.ts";
import { operations, type SchemaName, schemas } from "./operations.ts";
import { isObject, type Json, resolveRef, schemaFaults } from "./schema-check.ts";

/** As it is served. */
const document: Json = JSON.parse(JSON.stringify(openApiDocument()));

const part = (...path: string[]): Json => {
  const found = path.reduce((at: unknown, key) => (isObject(at) ? at[key] : undefined), document);
  if (!isObject(found)) throw new Error(`nothing at ${path.join("/")}`);
  return found;
};

/** Every object in the document, with the way to it. */
function* objectsIn(
  value: unknown,
  at: readonly string[] = [],
): Generator<[at: readonly string[], object: Json]> {
  if (isObject(value)) yield [at, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) yield* objectsIn(entry, [...at, key]);
}

/** What a document of OpenAPI 3.1 must be, of those of its objects that ours has, written as a schema of its own. */
const meta = {
  document: {
    type: "object",
    required: ["openapi", "info", "paths"],
    properties: {
      openapi: { type: "string", pattern: "^3\\.1\\.\\d+$" },
      info: {
        type: "object",
        required: ["title", "version"],
        properties: {
          title: { type: "string" },
          summary: { type: "string" },
          description: { type: "string" },
          version: { type: "string" },
          license: {
            type: "object",
            required: ["name"],
            properties: { name: { type: "string" }, identifier: { type: "string" } },
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
      servers: {
        type: "array",
        items: { type: "object", required: ["url"], properties: { url: { type: "string" } } },
      },
      security: {
        type: "array",
        items: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
      },
      paths: {
        type: "object",
        propertyNames: { pattern: "^/" },
        additionalProperties: {
          type: "object",
          propertyNames: { enum: ["get", "post", "put", "patch", "delete"] },
          additionalProperties: { $ref: "#/operation" },
        },
      },
      components: {
        type: "object",
        properties: {
          securitySchemes: {
            type: "object",
            additionalProperties: {
              type: "object",
              required: ["type", "scheme"],
              properties: {
                type: { const: "http" },
                scheme: { const: "bearer" },
                bearerFormat: { type: "string" },
                description: { type: "string" },
              },
              additionalProperties: false,
            },
          },
          headers: { type: "object", additionalProperties: { $ref: "#/header" } },
          schemas: {
            type: "object",
            propertyNames: { pattern: "^[a-zA-Z0-9._-]+$" },
            additionalProperties: { $ref: "#/schema" },
          },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  operation: {
    type: "object",
    required: ["operationId", "summary", "description", "responses"],
    properties: {
      operationId: { type: "string", pattern: "^[a-z][A-Za-z]+$" },
      summary: { type: "string", minLength: 1 },
      description: { type: "string", minLength: 1 },
      parameters: {
        type: "array",
        items: {
          type: "object",
          required: ["name", "in", "required", "description", "schema"],
          properties: {
            name: { type: "string" },
            in: { enum: ["path", "header", "query"] },
            required: { type: "boolean" },
            description: { type: "string" },
            schema: { $ref: "#/schema" },
          },
          additionalProperties: false,
        },
      },
      requestBody: {
        type: "object",
        required: ["content"],
        properties: { required: { type: "boolean" }, content: { $ref: "#/content" } },
        additionalProperties: false,
      },
      responses: {
        type: "object",
        minProperties: 1,
        propertyNames: { pattern: "^[1-5]\\d\\d$" },
        additionalProperties: {
          type: "object",
          required: ["description", "headers", "content"],
          properties: {
            description: { type: "string", minLength: 1 },
            headers: { type: "object", additionalProperties: { $ref: "#/header" } },
            content: { $ref: "#/content" },
          },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
  content: {
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: "^[a-z]+/[a-z-]+$" },
    additionalProperties: {
      type: "object",
      required: ["schema"],
      properties: { schema: { $ref: "#/schema" } },
      additionalProperties: false,
    },
  },
  header: {
    anyOf: [
      { $ref: "#/reference" },
      {
        type: "object",
        required: ["description", "schema"],
        properties: { description: { type: "string" }, schema: { $ref: "#/schema" } },
        additionalProperties: false,
      },
    ],
  },
  reference: {
    type: "object",
    required: ["$ref"],
    properties: { $ref: { type: "string", pattern: "^#/components/(schemas|headers)/[A-Za-z0-9._-]+$" } },
    additionalProperties: false,
  },
  /** JSON Schema 2020-12, of which these are the keywords that the document uses. */
  schema: {
    anyOf: [
      { type: "boolean" },
      { $ref: "#/reference" },
      {
        type: "object",
        properties: {
          description: { type: "string" },
          type: { enum: ["string", "number", "integer", "boolean", "null", "array", "object"] },
          const: {},
          default: {},
          enum: { type: "array", minItems: 1 },
          pattern: { type: "string" },
          contentEncoding: { const: "base64" },
          minLength: { $ref: "#/count" },
          maxLength: { $ref: "#/count" },
          minItems: { $ref: "#/count" },
          maxItems: { $ref: "#/count" },
          minProperties: { $ref: "#/count" },
          maxProperties: { $ref: "#/count" },
          minimum: { type: "number" },
          maximum: { type: "number" },
          items: { $ref: "#/schema" },
          prefixItems: { $ref: "#/schemas" },
          anyOf: { $ref: "#/schemas" },
          oneOf: { $ref: "#/schemas" },
          properties: { type: "object", additionalProperties: { $ref: "#/schema" } },
          propertyNames: { $ref: "#/schema" },
          additionalProperties: { $ref: "#/schema" },
          required: { type: "array", items: { type: "string" } },
        },
        additionalProperties: false,
      },
    ],
  },
  schemas: { type: "array", minItems: 1, items: { $ref: "#/schema" } },
  count: { type: "integer", minimum: 0 },
};

describe("the API's document", () => {
  it("is one of OpenAPI 3.1, down to its schemas", () => {
    expect(schemaFaults(meta, meta.document, document)).toEqual([]);
  });

  it("has nothing that leads nowhere, and no name that nothing leads to", () => {
    const refs = [...objectsIn(document)].flatMap(([, { $ref }]) => ($ref === undefined ? [] : [$ref]));
    for (const ref of refs) expect(isObject(resolveRef(document, ref))).toBe(true);
    const named = ["schemas", "headers"].flatMap((kind) =>
      Object.keys(part("components", kind)).map((name) => `#/components/${kind}/${name}`),
    );
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
    for (const requirement of [document["security"]].flat())
      for (const name of Object.keys(isObject(requirement) ? requirement : {}))
        expect(part("components", "securitySchemes")).toHaveProperty(name);
  });

  it("names each operation once, and declares the parameters of its path", () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, parameters = {} } of operations)
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(parameters));
  });

  it("has the addresses of the server, each of them", () => {
    const server = readFileSync(join(ROOT, "worker", "index.ts"), "utf8");
    const routes = [...server.matchAll(/route\(\s*"(\w+)",\s*`\$\{prefix\}([^`]+)`/g)].map(
      ([, method = "", path = ""]) => `${method} ${path.replace(/:(\w+)\+?/g, "{$1}")}`,
    );
    const own = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...own, "GET /openapi.json"].toSorted()).toEqual(routes.toSorted());
  });

  it("has each code of an operation in the refusal of its status, and the same shape in all", () => {
    for (const { path, method, errors } of operations) {
      for (const code of errors) {
        const refusal = part("paths", path, method, "responses", String(openAIErrors[code].status));
        expect(refusal["description"]).toContain(`\`${code}\``);
        expect(refusal["content"]).toEqual({
          "application/json": { schema: { $ref: "#/components/schemas/Error" } },
        });
      }
    }
  });
});

const fits = (name: SchemaName, value: unknown): boolean =>
  schemaFaults(document, part("components", "schemas", name), value).length === 0;

const messages = [{ role: "user", content: "Hello!" }];
const asked = { model: "tabarena-tiny", messages };
const tool = { type: "function", function: { name: "look", parameters: { type: "object" } } };

describe("a schema of the document", () => {
  it.each<[string, object]>([
    ["the least", asked],
    [
      "nulls for what may be left out",
      { ...asked, stream: null, temperature: null, stop: null, tools: null },
    ],
    ["fields that are not known", { ...asked, thinking: { deeply: true } }],
    ["one stop or several", { ...asked, stop: "a" }],
    ["several stops", { ...asked, stop: ["a", "b"] }],
    [
      "tools, and which",
      { ...asked, tools: [tool], tool_choice: { type: "function", function: { name: "look" } } },
    ],
    ["tools, and whether", { ...asked, tools: [tool], tool_choice: "required" }],
    ["parts", { ...asked, messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] }],
    [
      "turns of every role",
      {
        ...asked,
        messages: [
          { role: "system", content: "a" },
          { role: "developer", content: "a" },
          ...messages,
          {
            role: "assistant",
            tool_calls: [{ id: "1", type: "function", function: { name: "look", arguments: "" } }],
          },
          { role: "tool", tool_call_id: "1", content: "b" },
        ],
      },
    ],
    ["wishes", { ...asked, provider: { max_price: { prompt: 0.2, completion: "0.5" }, only: ["ada"] } }],
    [
      "a form",
      { ...asked, response_format: { type: "json_schema", json_schema: { name: "a", schema: {} } } },
    ],
    ["a bias", { ...asked, logit_bias: { "17": -100 } }],
  ])("takes a request with %s, as the server does", (_, request) => {
    expect(v.is(schemas.ChatCompletionRequest, request)).toBe(true);
    expect(fits("ChatCompletionRequest", request)).toBe(true);
  });

  it.each<[string, object]>([
    ["no model", { messages }],
    ["no messages", { ...asked, messages: [] }],
    ["messages that are no list", { ...asked, messages: {} }],
    ["a role that is none", { ...asked, messages: [{ role: "king", content: "a" }] }],
    ["a part that is none", { ...asked, messages: [{ role: "user", content: [{ type: "smell" }] }] }],
    ["a temperature too high", { ...asked, temperature: 3 }],
    ["a number in place of a list", { ...asked, stop: 5 }],
    ["too many stops", { ...asked, stop: ["a", "b", "c", "d", "e"] }],
    ["nine answers", { ...asked, n: 9 }],
    ["what is not served", { ...asked, functions: [] }],
    ["a tool without a name", { ...asked, tools: [{ type: "function", function: {} }] }],
    ["a choice that is none", { ...asked, tool_choice: "perhaps" }],
    ["a wish that is not known", { ...asked, provider: { colour: "red" } }],
    ["a price that is none", { ...asked, provider: { max_price: { prompt: "1e3" } } }],
    ["a bias for no token", { ...asked, logit_bias: { one: 1 } }],
    [
      "too much metadata",
      { ...asked, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, ""])) },
    ],
  ])("refuses a request with %s, as the server does", (_, request) => {
    expect(v.is(schemas.ChatCompletionRequest, request)).toBe(false);
    expect(fits("ChatCompletionRequest", request)).toBe(false);
  });

  const turn = { role: "user", content: [{ type: "input_text", text: "a" }] };
  it.each<[boolean, string, object]>([
    [true, "a text", { input: "Hello!" }],
    [true, "messages, with their type and without", { input: [turn, { ...turn, type: "message" }] }],
    [
      true,
      "a call and what came of it",
      { input: [{ type: "function_call_output", call_id: "1", output: "2" }] },
    ],
    [true, "wishes", { input: "a", provider: { only: ["ada"] } }],
    [false, "an item of no type that there is", { input: [{ type: "smell" }] }],
    [false, "a number", { input: 5 }],
    [false, "a wish that is not known", { input: "a", provider: { colour: "red" } }],
    [false, "something to be kept", { input: "a", background: true }],
  ])("takes (%s) a request for a response with %s, as the server does", (isRight, _, fields) => {
    const request = { model: "tabarena-tiny", ...fields };
    expect([v.is(schemas.ResponsesRequest, request), fits("ResponsesRequest", request)]).toEqual([
      isRight,
      isRight,
    ]);
  });

  it.each<[boolean, string, object]>([
    [true, "a text", { input: "Hello!" }],
    [
      true,
      "texts, and how it is to be answered",
      { input: ["a", "b"], encoding_format: "base64", dimensions: 3 },
    ],
    [false, "no text", { input: [] }],
    [false, "token ids", { input: [[1, 2]] }],
    [false, "a form that is none", { input: "a", encoding_format: "int8" }],
  ])("takes (%s) a request for vectors with %s, as the server does", (isRight, _, fields) => {
    const request = { model: "tabarena-tiny", ...fields };
    expect([v.is(schemas.EmbeddingsRequest, request), fits("EmbeddingsRequest", request)]).toEqual([
      isRight,
      isRight,
    ]);
  });

  it("knows every code of ours, and no other", () => {
    const error = (code: string) => ({ error: { message: "a", type: "server_error", param: null, code } });
    expect(Object.keys(openAIErrors).filter((code) => !fits("Error", error(code)))).toEqual([]);
    expect(fits("Error", error("unheard_of"))).toBe(false);
  });
});
