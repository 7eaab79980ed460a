/**
 * The judge cannot judge: a validator is broken, a language is missing. Told to the jury as a judging error; never a
 * verdict.
 */
export class JudgingFailure extends Error {}
