/* Computes for ever. */
#include "contained.h"
int main(void) { compute(); }
