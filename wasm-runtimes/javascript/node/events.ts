/** Node's `events` module, as far as programs that read input need it. */

type Listener = (...values: unknown[]) => unknown;

interface Entry {
  listener: Listener;
  once: boolean;
}

export class EventEmitter {
  #entries = new Map<PropertyKey, Entry[]>();

  on(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: false }, "end");
  }
  addListener(event: PropertyKey, listener: Listener): this {
    return this.on(event, listener);
  }
  once(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: true }, "end");
  }
  prependListener(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: false }, "start");
  }
  off(event: PropertyKey, listener: Listener): this {
    const entries = this.#entries.get(event) ?? [];
    const index = entries.findLastIndex((entry) => entry.listener === listener);
    // A new array, since one that is being walked must not change.
    if (index >= 0) this.#entries.set(event, entries.toSpliced(index, 1));
    return this;
  }
  removeListener(event: PropertyKey, listener: Listener): this {
    return this.off(event, listener);
  }
  removeAllListeners(event?: PropertyKey): this {
    if (event === undefined) this.#entries.clear();
    else this.#entries.delete(event);
    return this;
  }
  listeners(event: PropertyKey): Listener[] {
    return (this.#entries.get(event) ?? []).map((entry) => entry.listener);
  }
  listenerCount(event: PropertyKey): number {
    return this.#entries.get(event)?.length ?? 0;
  }
  eventNames(): PropertyKey[] {
    return [...this.#entries].filter(([, entries]) => entries.length > 0).map(([event]) => event);
  }
  setMaxListeners(): this {
    return this;
  }
  emit(event: PropertyKey, ...values: unknown[]): boolean {
    const entries = this.#entries.get(event) ?? [];
    if (entries.length === 0 && event === "error") throw values[0];
    for (const { listener, once } of entries) {
      if (once) this.off(event, listener);
      Reflect.apply(listener, this, values);
    }
    return entries.length > 0;
  }

  #add(event: PropertyKey, entry: Entry, where: "start" | "end"): this {
    if (typeof entry.listener !== "function") {
      throw new TypeError('The "listener" argument must be of type function.');
    }
    const entries = this.#entries.get(event) ?? [];
    this.#entries.set(event, where === "end" ? [...entries, entry] : [entry, ...entries]);
    return this;
  }
}

/** `events.once`: resolves with the values of the next such event. */
export function once(emitter: EventEmitter, event: PropertyKey): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const onEvent = (...values: unknown[]): void => {
      emitter.off("error", reject);
      resolve(values);
    };
    emitter.once(event, onEvent);
    if (event !== "error") emitter.once("error", reject);
  });
}

export const events = Object.assign(EventEmitter, { EventEmitter, once });
