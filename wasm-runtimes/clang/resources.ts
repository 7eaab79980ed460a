/** What of the compiler's headers and libraries no program of a contest needs: two thirds of their files. */

const BLOCK = 512;

/** Folders and files below the sysroot, as regular expressions on their paths. */
const unneeded: readonly RegExp[] = [
  /^share\//,
  // The library as it was frozen for C++03.
  /^include\/c\+\+\/v1\/__cxx03\//,
  /^include\/c\+\+\/v1\/(libcxx\.imp|module\.modulemap)$/,
  // Intrinsics and wrappers of other processors and of accelerators.
  /^include\/(cuda_wrappers|openmp_wrappers|ppc_wrappers|hlsl|llvm_libc_wrappers|llvm_offload_wrappers|zos_wrappers|sanitizer|fuzzer|orc|profile)\//,
  /^include\/(opencl-|altivec|vec|hexagon_|hvx_|lasx|lsx|larch|msa|arm|amdgpu|nvptx|gpu|spirv|riscv_|sifive_|andes_|s390|htm|vel|builtins\.h|hlsl|yvals)/,
  /^include\/(?!(emm|xmm|pmm|tmm|smm|nmm|mm)intrin\.h|wasm_simd128\.h)\w*intrin\w*\.h$/,
  /^include\/\w*(avx|amx|amo|ammintrin)\w*\.h$/,
  /^lib\/.*(\.so|modules\.json|crt1-reactor\.o|libclang_rt\.profile\.a|libc\+\+experimental\.a)$/,
  /^lib\/.*libc-printscan-no-floating-point\.a$/,
];

interface Entry {
  name: string;
  /** The header block and the content's blocks, as they lie in the archive. */
  blocks: Uint8Array;
}

/** The archive without what nobody needs; everything else is left as it is, byte by byte. */
export function trimmed(tar: Uint8Array): Uint8Array {
  const kept = entriesOf(tar).filter(({ name }) => !unneeded.some((pattern) => pattern.test(name)));
  // Two empty blocks end an archive.
  const whole = new Uint8Array(kept.reduce((sum, { blocks }) => sum + blocks.length, 2 * BLOCK));
  let at = 0;
  for (const { blocks } of kept) {
    whole.set(blocks, at);
    at += blocks.length;
  }
  return whole;
}

/** POSIX.1-1988 "ustar", whose names have at most 100 bytes here. */
function entriesOf(tar: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  const textAt = (from: number, length: number): string => {
    const field = tar.subarray(from, from + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  for (let at = 0; at + BLOCK <= tar.length;) {
    const name = textAt(at, 100);
    if (name === "") break;
    const size = Number.parseInt(textAt(at + 124, 12), 8);
    const length = BLOCK + BLOCK * Math.ceil(size / BLOCK);
    entries.push({ name: name.replace(/^\.\//, ""), blocks: tar.subarray(at, at + length) });
    at += length;
  }
  return entries;
}
