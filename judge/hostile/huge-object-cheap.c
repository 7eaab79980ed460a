/* Has the assembler make a program of a terabyte, of which none is written out. */
__asm__(".data\n.space 1 << 40, 0\n.text\n");
int main(void) { return 0; }
