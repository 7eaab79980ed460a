/**
 * Why an engine of this browser can't serve, in a closed list; the page has a sentence for each in every language.
 *
 * - `no_webgpu`      this browser gives no WebGPU adapter
 * - `no_shader_f16`  the adapter has no numbers of 16 bits, which the model needs
 * - `device_lost`    the graphics device went away: its driver was reset, or the browser took it back
 * - `out_of_memory`  neither the graphics device nor WebAssembly gives as much memory as the model needs
 * - `integrity`      a file does not have the sum that it must have
 * - `download`       a file could not be had, or not be kept
 * - `unknown_model`  the engine can't read these weights
 * - `context`        the engine can't have a context of this length
 * - `broken`         anything else
 */
export type FaultCode =
  | "no_webgpu"
  | "no_shader_f16"
  | "device_lost"
  | "out_of_memory"
  | "integrity"
  | "download"
  | "unknown_model"
  | "context"
  | "broken";

/**
 * What the engines of tabs throw when they can't be opened, and from `write` when they can't go on at all. The message is for
 * who looks for the cause: the page has its own sentences.
 */
export class EngineFault extends Error {
  override name = "EngineFault";
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
