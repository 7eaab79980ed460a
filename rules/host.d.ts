/**
 * The few globals that every host of `rules/` has (browser, Worker, Node).
 * Nothing else is declared here on purpose: rules do no input or output and read no clock.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal: boolean; ignoreBOM: boolean });
  decode(input?: Uint8Array): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
/** @throws for what is no base64 */
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
