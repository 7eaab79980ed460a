// Five bodies that attract each other, for n steps; what is left of their energy.
#include <math.h>
#include <stdio.h>

enum { BODIES = 5 };
static double x[BODIES][3], v[BODIES][3], mass[BODIES];

static void step(double dt) {
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++) {
            double d[3], square = 0.01;
            for (int k = 0; k < 3; k++) {
                d[k] = x[i][k] - x[j][k];
                square += d[k] * d[k];
            }
            double pull = dt / (square * sqrt(square));
            for (int k = 0; k < 3; k++) {
                v[i][k] -= d[k] * mass[j] * pull;
                v[j][k] += d[k] * mass[i] * pull;
            }
        }
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) x[i][k] += dt * v[i][k];
}

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < BODIES; i++) {
        mass[i] = 1.0 + i;
        for (int k = 0; k < 3; k++) {
            x[i][k] = (i * 7 + k * 3) % 11 - 5.0;
            v[i][k] = (i * 5 + k * 2) % 7 / 10.0 - 0.3;
        }
    }
    for (int i = 0; i < n; i++) step(0.001);
    double energy = 0;
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) energy += 0.5 * mass[i] * v[i][k] * v[i][k];
    printf("%.6f\n", energy);
    return 0;
}
