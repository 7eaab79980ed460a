import { createServer } from "node:http";
import { now } from "./clock.ts";
import { openEvents, readJson } from "./events.ts";
import { beginAnswer, wishOf } from "./model.ts";
import { serve, tellParent } from "./parent.ts";

/** A process: the model behind HTTP, as an engine serves it. What everything else is compared with. */
serve(
  createServer(async (request, response) => {
    const wish = wishOf(await readJson(request));
    const stop = beginAnswer(wish, openEvents(response, wish.id));
    response.once("close", () => {
      if (response.writableEnded) return;
      stop();
      tellParent({ type: "cancelled", id: wish.id, at: now() });
    });
  }),
);
