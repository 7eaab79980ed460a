import * as v from "valibot";
import { type Child, startChild } from "./children.ts";
import type { Target } from "./consumer.ts";
import { Said, type Task } from "./load.ts";

/**
 * Ways from a model to its reader, each of processes of its own:
 *
 * - `direct`    the model's own HTTP
 * - `proxy`     a plain proxy in Node before it
 * - `floor`     a provider's socket, a relay in Node without any checks, streams: the least that our way can cost
 * - `bare`      the same as `floor`, as a Worker with a Durable Object: the least that it can cost in the site's runtime
 * - `tabarena`  the same provider, and the site as `npm start` runs it, with key, hold, match and payment
 */
export const armNames = ["direct", "proxy", "floor", "bare", "tabarena"] as const;
export type ArmName = (typeof armNames)[number];

export interface Arm {
  name: ArmName;
  target: Target;
  /** What stands between the model and its reader; null for nothing. */
  server: number | null;
  /** The process that writes the tokens. */
  writer: number;
}

export interface Arms {
  arms: readonly Arm[];
  load: Load;
  /** When the model was told to stop writing for whoever hung up, by the id of the wish. */
  cancelledAt: ReadonlyMap<string, number>;
  /** Fulfilled with a sentence when a process ends. */
  lost: Promise<string>;
  close(): Promise<void>;
}

/** The load generator. */
export interface Load {
  pid: number;
  /** Does one task at a time, and tells all that is said meanwhile. */
  run(task: Task, heard: (said: Said) => void): Promise<void>;
}

const Ready = v.object({ type: v.literal("ready") });
const Address = v.object({ ...Ready.entries, url: v.string() });
const Site = v.object({ ...Address.entries, key: v.string(), token: v.string() });
const Cancelled = v.object({ type: v.literal("cancelled"), id: v.string(), at: v.number() });

/** Starts every process that the arms need. */
export async function openArms(): Promise<Arms> {
  const children: Child<unknown>[] = [];
  const cancelledAt = new Map<string, number>();
  const close = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.end();
  };
  const start = async <T>(
    program: string,
    words: string[],
    ready: v.GenericSchema<unknown, T>,
  ): Promise<Child<T>> => {
    const child = await startChild(program, words, ready);
    children.push(child);
    return child;
  };
  const startWriter = async <T>(program: string, words: string[], ready: v.GenericSchema<unknown, T>) => {
    const child = await start(program, words, ready);
    child.hear((message) => {
      const { id, at } = v.parse(Cancelled, message);
      cancelledAt.set(id, at);
    });
    return child;
  };
  try {
    const engine = await startWriter("engine.ts", [], Address);
    const proxy = await start("proxy.ts", [engine.ready.url], Address);
    const floor = await start("floor.ts", [], Address);
    const floorProvider = await startWriter("provider.ts", [socketOf(floor.ready.url)], Ready);
    const bare = await start("bare.ts", [], Address);
    const bareProvider = await startWriter("provider.ts", [socketOf(bare.ready.url), "bare"], Ready);
    const site = await start("site.ts", [], Site);
    const { url, key, token } = site.ready;
    const provider = await startWriter("provider.ts", [socketOf(url), token], Ready);
    const arm = (name: ArmName, server: Child<{ url: string }>, writer: Child<unknown>): Arm => ({
      name,
      target: { url: server.ready.url, headers: { authorization: `Bearer ${key}` } },
      server: server === writer ? null : server.pid,
      writer: writer.pid,
    });
    const load = loadOf(await start("load.ts", [], Ready));
    return {
      arms: [
        arm("direct", engine, engine),
        arm("proxy", proxy, engine),
        arm("floor", floor, floorProvider),
        arm("bare", bare, bareProvider),
        arm("tabarena", site, provider),
      ],
      load,
      cancelledAt,
      lost: Promise.race(children.map(({ ended }) => ended)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const socketOf = (url: string): string => `${url.replace("http", "ws")}/link/provider`;

function loadOf(child: Child<unknown>): Load {
  return {
    pid: child.pid,
    run: (task, heard) =>
      new Promise((done, failed) => {
        const deaf = child.hear((message) => {
          try {
            const said = v.parse(Said, message);
            heard(said);
            if (said.type !== "outcomes" && said.type !== "streams") return;
            deaf();
            done();
          } catch (error) {
            failed(error);
          }
        });
        child.tell(task);
      }),
  };
}
