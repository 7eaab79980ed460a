import { type JsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import * as v from "valibot";
import { OpenAIErrorCode, openAIErrors } from "../../protocol/openai-error.ts";
import { errorTexts, type Operation, operations, type SchemaName, schemas } from "./operations.ts";
import { plainSchemas } from "./plain-schema.ts";

const refTo = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** @throws Error for a schema or an action that has no counterpart in JSON Schema */
function namedSchemas(): Record<string, JsonSchema> {
  const codes = v.picklist(Object.keys(openAIErrors));
  const plain = plainSchemas(new Map([[OpenAIErrorCode, codes]]));
  const definitions = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]),
  );
  return toJsonSchemaDefs(definitions, {
    target: "draft-2020-12",
    typeMode: "input",
    // A list of prefixes must have one.
    overrideSchema: ({ jsonSchema }) =>
      jsonSchema.prefixItems?.length === 0 ? { type: "array", maxItems: 0 } : null,
    overrideRef: ({ referenceId }) => refTo(referenceId).$ref,
  });
}

const text = { type: "string" } as const;
const digits = { type: "string", pattern: "^\\d+$" } as const;
const flag = { type: "string", enum: ["true", "false"] } as const;
const decimal = { type: "string", pattern: "^\\d+(\\.\\d+)?$" } as const;

const header = (description: string, schema: object = text) => ({ description, schema });

/** Headers of answers, by name. */
const headers = {
  "x-request-id": header("Names this request on the page of requests, if it was begun."),
  "x-provider": header("The provider that began the answer."),
  "x-price-prompt": header("Credits per million tokens of the prompt, where it began.", decimal),
  "x-price-completion": header("Credits per million tokens of the answer, where it began.", decimal),
  "x-ratelimit-limit-requests": header(
    "How many requests of the account may wait for a slot at once.",
    digits,
  ),
  "x-ratelimit-remaining-requests": header("How many more may at this moment.", digits),
  "idempotent-replayed": header("`true` where this was answered before under the same key.", flag),
  "x-should-retry": header("Whether it makes sense to send the same request again.", flag),
  "retry-after": header("When to, in seconds, where that is known.", digits),
  "retry-after-ms": header("The same in milliseconds.", digits),
};
type HeaderName = keyof typeof headers;

const withHeaders = (...names: readonly HeaderName[]) => ({
  headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
});

const json = (name: SchemaName) => ({ "application/json": { schema: refTo(name) } });

const limits = ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests"] as const;

function answerOf({ answer, stream, isPaid }: Operation) {
  const events = stream && {
    "text/event-stream": {
      schema: { description: stream.description, anyOf: stream.events.map((event) => refTo(event)) },
    },
  };
  const paid = ["x-provider", "x-price-prompt", "x-price-completion", "idempotent-replayed"] as const;
  return {
    description: stream ? "The answer: a stream where the request has `stream: true`." : "The answer.",
    ...withHeaders("x-request-id", ...(isPaid ? [...paid, ...limits] : [])),
    content: { ...json(answer), ...events },
  };
}

/** What is refused before the request comes to the market, which alone knows how many wait. */
const atTheDoor: readonly OpenAIErrorCode[] = [
  "invalid_request",
  "invalid_api_key",
  "origin_not_allowed",
  "idempotency_conflict",
  "idempotency_in_progress",
  "body_too_large",
  "internal",
];

/** From each status to its refusals. */
function refusalsOf({ errors, isPaid }: Operation) {
  const byStatus = Map.groupBy(errors, (code) => String(openAIErrors[code].status));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errorTexts[code]}.`).join("\n\n"),
        ...withHeaders(
          ...(["x-request-id", "x-should-retry", "retry-after", "retry-after-ms"] as const),
          ...(isPaid && codes.some((code) => !atTheDoor.includes(code)) ? limits : []),
        ),
        content: json("Error"),
      },
    ]),
  );
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Under the same key, unlike any other of the last 24 hours, the same request is served and paid once.",
  schema: { type: "string", pattern: "^[\\x20-\\x7e]{1,255}$" },
};

function described(operation: Operation) {
  const { id, summary, description, parameters = {}, request, isPaid } = operation;
  const ofPath = Object.entries(parameters).map(([name, said]) => ({
    name,
    in: "path",
    required: true,
    description: said,
    schema: text,
  }));
  return {
    operationId: id,
    summary,
    description,
    parameters: [...ofPath, ...(isPaid ? [idempotencyKey] : [])],
    ...(request && { requestBody: { required: true, content: json(request) } }),
    responses: { "200": answerOf(operation), ...refusalsOf(operation) },
  };
}

function paths() {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, ofPath]) => [
      path,
      Object.fromEntries(ofPath.map((operation) => [operation.method, described(operation)])),
    ]),
  );
}

/** The API's document (OpenAPI Specification 3.1.0), as it is served at /v1/openapi.json. */
export const openApiDocument = () => ({
  openapi: "3.1.0",
  info: {
    title: "Tabarena market",
    version: "1",
    summary: "OpenAI's API, answered by whoever offers the model at the best price.",
    description:
      "Requests and answers are those of OpenAI's reference, with additions. Unknown fields of a request are ignored. " +
      "**Who answers can read what you ask.** The addresses work without `/v1` too.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: "/v1" }],
  security: [{ key: [] }],
  paths: paths(),
  components: {
    securitySchemes: {
      key: {
        type: "http",
        scheme: "bearer",
        bearerFormat: "tab-key-…",
        description: "An API key, made at /market/keys. No cookie is read.",
      },
    },
    headers,
    schemas: namedSchemas(),
  },
});
