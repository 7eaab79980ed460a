// Believes that there are never more than four colours. Groups 1 and 2: 40 points.
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int k = in.nextInt();
        int n = in.nextInt();
        String word = in.next();
        int[] counts = new int[4];
        Map<String, Integer> firstPlace = new HashMap<>();
        firstPlace.put(Arrays.toString(new int[4]), 0);
        int best = 0;
        for (int place = 1; place <= n; place++) {
            counts[word.charAt(place - 1) - 'a']++;
            int[] leads = new int[4];
            for (int colour = 0; colour < k; colour++) leads[colour] = counts[colour] - counts[k - 1];
            Integer first = firstPlace.putIfAbsent(Arrays.toString(leads), place);
            if (first != null) best = Math.max(best, place - first);
        }
        System.out.println(best);
    }
}
