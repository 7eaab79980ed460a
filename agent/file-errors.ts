/** The code of an error of the system's: `ENOENT`; null for any other. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error ? String(error.code) : null;
}

/** Why a file can't be written, with what to do about it; null where trying again as it is makes sense. */
export function writeFault(error: unknown, path: string): string | null {
  switch (codeOf(error)) {
    case "ENOSPC":
      return `the disk is full: ${path} can't be written; make room, or choose another folder by --models`;
    case "EDQUOT":
      return `the quota is used up: ${path} can't be written; make room, or choose another folder by --models`;
    case "EFBIG":
      return `${path} is larger than this disk's files may be; choose another folder by --models`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${path} may not be written; choose another folder by --models`;
    default:
      return null;
  }
}
