import { signal } from "@preact/signals";
import { startDelivery } from "./delivery.ts";

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
  try {
    await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
  } catch {
    // The site works as without.
    offlineObstacle.value = "refused";
  }
}
