/** How a link gets to the site: by the WebSockets of whatever host this is. */
export interface Wires {
  /** A new one. None of its events comes before this has returned. */
  open(events: WireEvents): Wire;
  /** Calls this once, when everything has run that is to run now. */
  afterTurn(run: () => void): void;
}

/** One connection to the site: `onOpen`, texts, `onClose`; or nothing but `onClose`. */
export interface Wire {
  readonly isOpen: boolean;
  /** Of what was said and is still here, in bytes. */
  readonly bufferedAmount: number;
  /** @param onSent told when it is on its way, or never will be */
  send(text: string, onSent?: () => void): void;
  /** Takes leave; `onClose` comes when the far end has answered. */
  close(code: number, reason: string): void;
  /** Ends it whatever the far end says; `onClose` comes at once. */
  terminate(): void;
}

export interface WireEvents {
  onOpen(): void;
  onText(text: string): void;
  /** Something went wrong, and `onClose` comes next. Of several faults the first is the cause. */
  onFault(fault: WireFault): void;
  /** The last of all, once. */
  onClose(code: number, reason: string): void;
}

export interface WireFault {
  /** In words. */
  why: string;
  /** Whether the next connection may be better without anybody's doing. */
  soon: boolean;
}
