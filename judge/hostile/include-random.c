/* Includes a file that has no end. */
#include "/dev/urandom"
int main(void) { return 0; }
