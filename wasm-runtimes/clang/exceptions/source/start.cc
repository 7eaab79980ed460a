// Where a program starts: as the C library does it, but nothing is thrown out of the program.
#include "abi.h"
#include <cstdlib>
#include <exception>

extern "C" {
void __wasi_init_tp();
void __wasm_call_ctors();
void __wasm_call_dtors();
int __main_void();

void _start() {
    __wasi_init_tp();
    support::installTerminate();
    int code = 0;
    try {
        __wasm_call_ctors();
        code = __main_void();
        __wasm_call_dtors();
    } catch (...) {
        std::terminate();
    }
    if (code != 0) std::_Exit(code);
}
}
