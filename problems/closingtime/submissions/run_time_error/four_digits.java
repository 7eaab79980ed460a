// Has room for cards of four digits only.
import java.util.Scanner;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        boolean[] inside = new boolean[10_000];
        int count = 0;
        int peak = 0;
        for (int i = 0; i < n; i++) {
            int card = in.nextInt();
            inside[card] = !inside[card];
            count += inside[card] ? 1 : -1;
            peak = Math.max(peak, count);
        }
        StringBuilder out = new StringBuilder();
        out.append(peak).append(' ').append(count).append('\n');
        for (int card = 0; card < inside.length; card++) {
            if (inside[card]) out.append(card).append(' ');
        }
        System.out.println(out);
    }
}
