import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer first = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(first.nextToken());
        int m = Integer.parseInt(first.nextToken());
        List<List<Integer>> enemies = new ArrayList<>();
        for (int student = 0; student < n; student++) enemies.add(new ArrayList<>(3));
        for (int i = 0; i < m; i++) {
            StringTokenizer line = new StringTokenizer(in.readLine());
            int one = Integer.parseInt(line.nextToken()) - 1;
            int other = Integer.parseInt(line.nextToken()) - 1;
            enemies.get(one).add(other);
            enemies.get(other).add(one);
        }
        char[] bus = new char[n];
        ArrayDeque<Integer> toLookAt = new ArrayDeque<>();
        for (int student = 0; student < n; student++) {
            bus[student] = 'B';
            toLookAt.add(student);
        }
        while (!toLookAt.isEmpty()) {
            int student = toLookAt.remove();
            int together = 0;
            for (int enemy : enemies.get(student)) {
                if (bus[enemy] == bus[student]) together++;
            }
            if (together < 2) continue;
            bus[student] = bus[student] == 'A' ? 'B' : 'A';
            toLookAt.addAll(enemies.get(student));
        }
        System.out.println(new String(bus));
    }
}
