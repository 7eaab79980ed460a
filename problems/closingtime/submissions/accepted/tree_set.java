import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.TreeSet;

class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int n = Integer.parseInt(in.readLine().trim());
        TreeSet<Integer> inside = new TreeSet<>();
        int peak = 0;
        for (int i = 0; i < n; i++) {
            int card = Integer.parseInt(in.readLine().trim());
            if (!inside.remove(card)) inside.add(card);
            peak = Math.max(peak, inside.size());
        }
        StringBuilder out = new StringBuilder();
        out.append(peak).append(' ').append(inside.size()).append('\n');
        for (int card : inside) out.append(card).append(' ');
        System.out.println(out.toString().trim());
    }
}
