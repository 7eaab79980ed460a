/* Has the assembler put a file without an end into the program. */
__asm__(".data\n.incbin \"/dev/zero\"\n.text\n");
int main(void) { return 0; }
