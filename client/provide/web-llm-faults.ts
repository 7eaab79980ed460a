import { EngineError } from "../../provider/engine.ts";
import { EngineFault, type FaultCode } from "./engine-fault.ts";

/** By the names that web-llm 0.2.86 and the browser give their errors; a build may rename classes, but not these. */
const BY_NAME: Readonly<Record<string, FaultCode>> = {
  WebGPUNotAvailableError: "no_webgpu",
  WebGPUNotFoundError: "no_webgpu",
  ShaderF16SupportError: "no_shader_f16",
  DeviceLostError: "device_lost",
  // It unloads by itself when the device goes away.
  ModelNotLoadedError: "device_lost",
  EngineNotLoadedError: "device_lost",
  GPUOutOfMemoryError: "out_of_memory",
  IntegrityError: "integrity",
  ModelNotFoundError: "unknown_model",
  // Of no library: that is how it names itself.
  MissingModelError: "unknown_model",
  ArtifactManifestError: "unknown_model",
  UnsupportedTokenizerFilesError: "unknown_model",
  // A library is made for one version of web-llm, and its configuration is JSON.
  CompileError: "unknown_model",
  LinkError: "unknown_model",
  SyntaxError: "unknown_model",
  ContextWindowSizeExceededError: "context",
  WindowSizeConfigurationError: "context",
  WindowSizeSpecificationError: "context",
  AttentionSinkSizeError: "context",
};

/** By what is said, where the name tells nothing: the first that fits. */
const BY_TEXT: readonly [said: RegExp, code: FaultCode][] = [
  [/unable to find a compatible GPU/i, "no_webgpu"],
  [/shader-f16/i, "no_shader_f16"],
  // What it throws, as a mere string, when it unloads itself while it loads.
  [/device.{0,20}\blost\b|engine\.unload\(\) is called/i, "device_lost"],
  [/requested max(Buffer|StorageBufferBinding)Size/i, "out_of_memory"],
  [
    /out of memory|\boom\b|allocation failed|(cannot|could not|failed to) (allocate|enlarge)/i,
    "out_of_memory",
  ],
  [/cannot initialize runtime/i, "no_webgpu"],
  [/cannot fetch|failed to fetch|networkerror/i, "download"],
];

/** What it refuses of a request, before it writes anything. */
const REFUSALS: ReadonlySet<string> = new Set([
  "ConfigValueError",
  "ContentTypeError",
  "CustomResponseFormatError",
  "CustomSystemPromptError",
  "DependencyError",
  "GrammarMatcherInitError",
  "InvalidNumberStringError",
  "InvalidResponseFormatError",
  "InvalidResponseFormatGrammarError",
  "InvalidResponseFormatStructuralTagError",
  "InvalidStreamOptionsError",
  "MessageOrderError",
  "MinValueError",
  "MultipleTextContentError",
  "NonNegativeError",
  "RangeError",
  "SeedTypeError",
  "StreamingCountError",
  "SystemMessageOrderError",
  "UnsupportedContentPartError",
  "UnsupportedDetailError",
  "UnsupportedFieldsError",
  "UnsupportedImageURLError",
  "UnsupportedModelIdError",
  "UnsupportedRoleError",
  "UserMessageContentErrorForNonVLM",
]);

/** Why a model can't be loaded. */
export function loadFault(cause: unknown): EngineFault {
  if (cause instanceof EngineFault) return cause;
  return new EngineFault(codeOf(cause), `web-llm can't load it: ${saidBy(cause)}`, { cause });
}

/** What ends one answer, or all of them. */
export function writingFault(cause: unknown): EngineError | EngineFault {
  if (cause instanceof EngineError || cause instanceof EngineFault) return cause;
  const said = saidBy(cause);
  const name = nameOf(cause);
  if (name === "ContextWindowSizeExceededError") return new EngineError("too_long", said, { cause });
  const code = codeOf(cause);
  if (code === "device_lost" || code === "out_of_memory")
    return new EngineFault(code, `web-llm has stopped: ${said}`, { cause });
  if (REFUSALS.has(name)) return new EngineError("unsupported", said, { cause });
  return new EngineError("engine", `web-llm could not go on: ${said}`, { cause });
}

function codeOf(cause: unknown): FaultCode {
  const byName = BY_NAME[nameOf(cause)];
  if (byName !== undefined) return byName;
  return BY_TEXT.find(([pattern]) => pattern.test(saidBy(cause)))?.[1] ?? "broken";
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

const saidBy = (error: unknown): string => (error instanceof Error ? error.message : String(error));
