/* Forks for ever, in every process. */
#include "contained.h"
int main(void) {
    for (;;) fork();
}
