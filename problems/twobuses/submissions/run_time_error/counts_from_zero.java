// Has no room for the last student, who has the number n.
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int m = in.nextInt();
        List<List<Integer>> enemies = new ArrayList<>();
        for (int student = 0; student < n; student++) enemies.add(new ArrayList<>());
        for (int i = 0; i < m; i++) {
            int one = in.nextInt();
            int other = in.nextInt();
            enemies.get(one).add(other);
            enemies.get(other).add(one);
        }
        char[] bus = new char[n];
        for (int student = 0; student < n; student++) bus[student] = 'A';
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int student = 1; student < n; student++) {
                int together = 0;
                for (int enemy : enemies.get(student)) {
                    if (bus[enemy] == bus[student]) together++;
                }
                if (together < 2) continue;
                bus[student] = bus[student] == 'A' ? 'B' : 'A';
                changed = true;
            }
        }
        System.out.println(new String(bus));
    }
}
