import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.PriorityQueue;

class Main {
    static final int[][] STEPS = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String[] size = in.readLine().trim().split(" ");
        int rows = Integer.parseInt(size[0]);
        int columns = Integer.parseInt(size[1]);
        char[][] yard = new char[rows][];
        int[][] distance = new int[rows][columns];
        ArrayDeque<int[]> queue = new ArrayDeque<>();
        int[] cat = null;
        for (int row = 0; row < rows; row++) {
            yard[row] = in.readLine().trim().toCharArray();
            Arrays.fill(distance[row], -1);
            for (int column = 0; column < columns; column++) {
                if (yard[row][column] == 'C') cat = new int[] {row, column};
                if (yard[row][column] != 'D') continue;
                distance[row][column] = 0;
                queue.add(new int[] {row, column});
            }
        }
        while (!queue.isEmpty()) {
            int[] square = queue.remove();
            for (int[] step : STEPS) {
                int row = square[0] + step[0];
                int column = square[1] + step[1];
                if (row < 0 || row >= rows || column < 0 || column >= columns || distance[row][column] >= 0) continue;
                distance[row][column] = distance[square[0]][square[1]] + 1;
                queue.add(new int[] {row, column});
            }
        }
        // {worst distance on the way, row, column}, the best first.
        PriorityQueue<int[]> reached = new PriorityQueue<>((p, q) -> q[0] - p[0]);
        boolean[][] seen = new boolean[rows][columns];
        reached.add(new int[] {distance[cat[0]][cat[1]], cat[0], cat[1]});
        seen[cat[0]][cat[1]] = true;
        while (!reached.isEmpty()) {
            int[] square = reached.remove();
            if (yard[square[1]][square[2]] == 'F') {
                System.out.println(square[0]);
                return;
            }
            for (int[] step : STEPS) {
                int row = square[1] + step[0];
                int column = square[2] + step[1];
                if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
                if (seen[row][column] || yard[row][column] == '#') continue;
                seen[row][column] = true;
                reached.add(new int[] {Math.min(square[0], distance[row][column]), row, column});
            }
        }
        System.out.println(-1);
    }
}
