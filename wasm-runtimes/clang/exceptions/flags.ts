/**
 * What C++ programs, and what is made ahead for them, are compiled with so that exceptions work: by the engine's own exceptions, of
 * the first ("legacy") encoding. Its successor, exnref, is what the specification of WebAssembly kept, but came to Chromium in
 * version 137 and to Safari in 18.4, while browsers read the first one since Chromium 95, Firefox 100 and Safari 15.2: school laptops
 * do not run the newest browsers, and no browser that reads the second refuses the first.
 */
export const EXCEPTION_FLAGS = ["-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=true"] as const;
