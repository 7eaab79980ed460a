import { signal } from "@preact/signals";
import { askedUnwatched } from "./api.ts";
import { startDelivery } from "./delivery.ts";
import { lookAtKept } from "./kept.ts";
import { routeOf } from "./service-worker/routing.ts";

/**
 * What lets the site work while the network is away. Started when the page has been drawn, so that it keeps nobody waiting.
 */
export async function startOffline(): Promise<void> {
  startDelivery();
  await registerServiceWorker();
}

/** Why nothing can be opened here without the network, or null when it can: no TLS, an old browser, a private window. */
export type OfflineObstacle = "insecure" | "unsupported" | "refused" | null;

function obstacleHere(): OfflineObstacle {
  if (!isSecureContext) return "insecure";
  return "serviceWorker" in navigator && "caches" in globalThis ? null : "unsupported";
}

export const offlineObstacle = signal<OfflineObstacle>(obstacleHere());

async function registerServiceWorker(): Promise<void> {
  if (offlineObstacle.value !== null) return;
  if (navigator.serviceWorker.controller === null) {
    navigator.serviceWorker.addEventListener("controllerchange", () => void askAgain(), { once: true });
  }
  try {
    await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
  } catch {
    // The site works as without.
    offlineObstacle.value = "refused";
  }
}

/** A first visit, too, is one that can be gone on with: what it was given before the service worker came is asked for once more. */
async function askAgain(): Promise<void> {
  const pictures = [...document.images].map(({ src }) => new URL(src, location.href));
  const answers = [...askedUnwatched].map((path) => new URL(path, location.href));
  for (const { origin, pathname: path, href } of [...answers, ...pictures]) {
    const sameOrigin = origin === location.origin;
    const route = routeOf({ method: "GET", sameOrigin, path, mode: "cors", destination: "" });
    if (route === "answer" || route === "file") await fetch(href).catch(() => undefined);
  }
  askedUnwatched.clear();
  await lookAtKept();
}
