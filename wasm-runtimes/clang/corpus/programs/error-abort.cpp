// ends: run-time error
#include <cstdio>
#include <cstdlib>

int main() {
    puts("before");
    fflush(stdout);
    abort();
}
