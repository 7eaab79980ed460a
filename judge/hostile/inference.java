import java.util.function.Function;

/** Has the compiler infer types whose number doubles with every nesting. */
class Main {
    static <T> T f(Function<T, T> a, Function<T, T> b) { return null; }
    static <T> Function<T, T> g(T x) { return y -> y; }
    static Object h(Object x) { return x; }
    static Integer h(Integer x) { return x; }
    static String h(String x) { return x; }
    static <A, B> B o(Function<A, B> f) { return null; }
    static <A> int o(java.util.function.ToIntFunction<A> f) { return 0; }
    static <A> long o(java.util.function.ToLongFunction<A> f) { return 0; }
    public static void main(String[] words) {
        Object x = o(a -> o(b -> o(c -> o(d -> o(e -> o(f -> o(g -> o(h -> o(i -> o(j -> o(k -> o(l -> 1))))))))))));
    }
}
