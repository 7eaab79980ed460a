import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT } from "./folders.ts";
import { openApiDocument } from "./openapi/document.ts";

/** Writes the API's document as a file of the site, so that the Worker needs nothing to make it with. */
export function buildOpenApi(): void {
  writeFileSync(join(CLIENT, "openapi.json"), JSON.stringify(openApiDocument()));
}
