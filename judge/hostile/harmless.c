/* Does no harm and gives the right answer. */
#include "contained.h"
int main(void) { return verdict(); }
