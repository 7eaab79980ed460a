/** Starts far more threads than a solution needs, which ends it. */
class Main {
    public static void main(String[] words) {
        for (int i = 0; i < 500; i++) {
            Thread thread = new Thread(() -> {
                try {
                    Thread.sleep(1_000_000);
                } catch (InterruptedException over) {
                    return;
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("contained");
    }
}
