/* Needs more address space than there is, so that the kernel cannot even start it. */
#include <stdio.h>
__asm__(".bss\n.globl room\nroom: .space 1 << 47\n.text\n");
int main(void) {
    puts("contained");
    return 0;
}
