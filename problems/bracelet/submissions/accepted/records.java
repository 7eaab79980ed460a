import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;

class Main {
    record Leads(int a, int b, int c, int d) {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int k = Integer.parseInt(in.readLine().trim().split(" ")[0]);
        String word = in.readLine().trim();
        int[] counts = new int[5];
        Map<Leads, Integer> firstPlace = new HashMap<>();
        firstPlace.put(new Leads(0, 0, 0, 0), 0);
        int best = 0;
        for (int place = 1; place <= word.length(); place++) {
            counts[word.charAt(place - 1) - 'a']++;
            int last = counts[k - 1];
            int[] leads = new int[4];
            for (int colour = 0; colour < k - 1; colour++) leads[colour] = counts[colour] - last;
            Integer first = firstPlace.putIfAbsent(new Leads(leads[0], leads[1], leads[2], leads[3]), place);
            if (first != null) best = Math.max(best, place - first);
        }
        System.out.println(best);
    }
}
