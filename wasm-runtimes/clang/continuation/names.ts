/** By what a program and its host know each other where the program goes on on another stack. */

/** Called by the program with the number of a function: the host calls `RESUME` with it, on a fresh stack. */
export const GO_ON = { module: "tabarena", name: "go_on" } as const;

/** Calls the function of that number with the arguments that it left. `support/stack.c` has a place for it. */
export const RESUME = "tabarena_resume";

/** How much of the present stack is in use, in estimated bytes; below 0 nothing is ever moved to another. */
export const DEPTH = "tabarena_depth";
