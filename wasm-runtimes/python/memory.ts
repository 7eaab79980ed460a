/**
 * Python's memory is one WebAssembly memory that grows when it asks for more, and never shrinks. What is refused there is a
 * MemoryError to the program, long before the browser would run out.
 */

const PAGE = 65_536;

/** Refuses to let a memory grow beyond so many bytes from now on. */
export function limitMemory(memory: WebAssembly.Memory, bytes: number): void {
  const grow = memory.grow.bind(memory);
  Object.defineProperty(memory, "grow", {
    value: (pages: number) => {
      if (memory.buffer.byteLength + pages * PAGE <= bytes) return grow(pages);
      throw new RangeError("The program may not hold more memory.");
    },
  });
}
