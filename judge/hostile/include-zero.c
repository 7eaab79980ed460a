/* Includes a file of zeros that has no end. */
#include "/dev/zero"
int main(void) { return 0; }
