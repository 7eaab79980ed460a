/** A package that cannot be opened at all; the message is a sentence for its author. */
export class PackageError extends Error {
  override name = "PackageError";
}
