import type { WebSocket } from "ws";
import { type AwardsView, standardAwards } from "../../protocol/award.ts";
import type { LiveResolverMessage, ResolverPlan, ResolverPosition } from "../../protocol/resolver.ts";
import { stateAt } from "../../rules/resolver-state.ts";
import { showOf } from "./fixtures/resolver.ts";

/** A show as the site's server leads it: one for all contests. */
export interface Stage {
  plan: ResolverPlan;
  sockets: Set<WebSocket>;
}

export const usualShow = (): ResolverPlan => showOf(5);

type Answer = { status: number; body: unknown };
type Route = readonly [RegExp, (id: string, rest: string) => Answer];

const ok = (body: unknown): Answer => ({ status: 200, body });
const awards: AwardsView = { rules: standardAwards, awards: [], provisional: true };

/** @param body of the request that is answered */
export function resolverRoutes(stage: Stage, body: string): Route[] {
  return [
    [/^GET \/api\/contests\/[\w-]+\/resolver\/steps$/, () => ok(stage.plan)],
    [/^POST \/api\/contests\/[\w-]+\/resolver\/begin$/, () => moved(stage, 0)],
    [/^POST \/api\/contests\/[\w-]+\/resolver\/show$/, () => moved(stage, Number(JSON.parse(body).to))],
    [/^(?:GET|PUT) \/api\/contests\/[\w-]+\/awards$/, () => ok(awards)],
  ];
}

function moved(stage: Stage, to: number): Answer {
  const { plan } = stage;
  if (plan.type === "refused") return { status: 409, body: { code: "contest_refuses", message: "No." } };
  const show = plan.show ?? 1_000;
  const before = plan.show === null ? null : plan.shown;
  stage.plan = { ...plan, show, shown: to };
  tell(stage, message(stage.plan, before));
  return ok({ show, shown: to } satisfies ResolverPosition);
}

/** The page's first words are not waited for: everybody gets the whole state. */
export function followShow(stage: Stage, socket: WebSocket): void {
  stage.sockets.add(socket);
  socket.on("close", () => stage.sockets.delete(socket));
  socket.send(JSON.stringify(message(stage.plan, null)));
}

export function tell({ sockets }: Stage, said: LiveResolverMessage): void {
  for (const socket of sockets) socket.send(JSON.stringify(said));
}

function message(plan: ResolverPlan, before: number | null): LiveResolverMessage {
  if (plan.type === "refused" || plan.show === null) return { type: "waiting" };
  const { show, shown, steps, frozen } = plan;
  if (before !== null && before < shown) return { type: "steps", show, steps: steps.slice(before, shown) };
  return { type: "state", show, state: stateAt(frozen, steps, shown) };
}
