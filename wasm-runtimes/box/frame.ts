import * as v from "valibot";
import { ofThisVersion } from "../site-version.ts";
import { Hello, type Init } from "./messages.ts";

/** The box's document inside our page, and the port to its supervisor. */
export interface Frame {
  port: MessagePort;
  remove(): void;
}

const HELLO_TIMEOUT_MS = 15_000;

/**
 * Puts /box.html into the page and shakes hands with its supervisor. The iframe has no sandbox attribute, as a service worker is
 * not asked for such a frame; the response header has the same effect, and the box is used only when its origin shows that it did.
 * @throws Error when the box is not isolated, did not load, or `signal` fired
 */
export function openFrame(signal?: AbortSignal): Promise<Frame> {
  signal?.throwIfAborted();
  const iframe = document.createElement("iframe");
  iframe.src = ofThisVersion("/box.html");
  iframe.hidden = true;
  iframe.title = "Sandbox for programs";

  return new Promise<Frame>((resolve, reject) => {
    const fail = (error: unknown): void => {
      stop();
      iframe.remove();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    const timer = setTimeout(
      () => fail(new Error("The sandbox for programs did not start.")),
      HELLO_TIMEOUT_MS,
    );
    const stop = (): void => {
      clearTimeout(timer);
      window.removeEventListener("message", onMessage);
      signal?.removeEventListener("abort", onAbort);
    };
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (event.source === null || event.source !== iframe.contentWindow) return;
      if (event.origin !== "null") {
        return fail(
          new Error(
            "The sandbox for programs was served without its isolating header, so nothing is run in it.",
          ),
        );
      }
      if (!v.is(Hello, event.data)) return;
      stop();
      const { port1, port2 } = new MessageChannel();
      // An opaque origin cannot be named as the target.
      iframe.contentWindow?.postMessage({ type: "init" } satisfies Init, "*", [port2]);
      resolve({
        port: port1,
        remove: () => {
          port1.close();
          iframe.remove();
        },
      });
    };
    window.addEventListener("message", onMessage);
    signal?.addEventListener("abort", onAbort);
    document.body.append(iframe);
  });
}
