// Does not flush: the question stays in the program's buffer and both sides wait.
#include <stdio.h>

static long long altitude(int pole) {
    long long answer;
    printf("? %d\n", pole);
    return scanf("%lld", &answer) == 1 ? answer : 0;
}

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    int low = 1, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        long long here = altitude(middle);
        if (here < altitude(middle + 1)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    printf("! %d\n", low);
    return 0;
}
