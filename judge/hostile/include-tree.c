/* Includes itself for ever, twice each time: more often than there are atoms. */
#include "main.c"
#include "main.c"
int main(void) { return 0; }
