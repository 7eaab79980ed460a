/** Computes for ever in eight threads, while the first one has ended. */
class Main {
    public static void main(String[] words) {
        for (int i = 0; i < 8; i++)
            new Thread(() -> {
                for (;;) Thread.onSpinWait();
            }).start();
    }
}
