// Where a program that has filled its stack goes on on a fresh one. What happens there is written when the program is linked
// (continuation/rewrite.ts): here stands what the linker must know of it.

__attribute__((import_module("tabarena"), import_name("go_on"))) void tabarena_go_on(int function);

__attribute__((export_name("tabarena_resume"))) void tabarena_resume(int function) { tabarena_go_on(function); }
