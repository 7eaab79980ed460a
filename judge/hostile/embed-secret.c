/* Has the assembler put a file into the program. */
#include "contained.h"
__asm__(".section .rodata\n.globl secret\nsecret: .incbin \"/etc/shadow\"\n.byte 0\n.text\n");
extern const char secret[];
int main(void) {
    puts(secret);
    return 0;
}
