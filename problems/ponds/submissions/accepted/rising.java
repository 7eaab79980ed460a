import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.StringTokenizer;

class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer first = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(first.nextToken());
        long water = Long.parseLong(first.nextToken());
        int[][] ponds = new int[n][];
        for (int i = 0; i < n; i++) {
            StringTokenizer line = new StringTokenizer(in.readLine());
            int area = Integer.parseInt(line.nextToken());
            ponds[i] = new int[] {Integer.parseInt(line.nextToken()), area};
        }
        Arrays.sort(ponds, (p, q) -> Integer.compare(p[0], q[0]));
        long height = 0;
        long area = 0;
        for (int[] pond : ponds) {
            long needed = area * (pond[0] - height);
            if (needed > water) break;
            water -= needed;
            height = pond[0];
            area += pond[1];
        }
        System.out.println(height + (double) water / area);
    }
}
