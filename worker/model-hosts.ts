import { HOST } from "../protocol/tab-model.ts";
import type { Env } from "./env.ts";

/**
 * The hosts other than this site that weights may come from: `["models.example.com"]`, as browsers write them. Nowhere else is
 * the operator's setting read.
 *
 * @throws Error for what is no host, since it is to stand in a Content-Security-Policy
 */
export function modelHosts({ MODEL_HOSTS }: Pick<Env, "MODEL_HOSTS">): readonly string[] {
  const hosts = MODEL_HOSTS.toLowerCase().split(/\s+/).filter(Boolean);
  const wrong = hosts.find((host) => !HOST.test(host));
  if (wrong !== undefined)
    throw new Error(`MODEL_HOSTS has ${JSON.stringify(wrong)}, which is no host such as models.example.com.`);
  return [...new Set(hosts)];
}
