/* Has the preprocessor write ten thousand million tokens. */
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
#define C(x) B(B(x))
#define D(x) C(C(x))
int main(void) {
    return 0 D(+1) D(+1);
}
