import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

class Main {
    static final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

    static long altitude(int pole) throws IOException {
        System.out.println("? " + pole);
        System.out.flush();
        return Long.parseLong(in.readLine().trim());
    }

    public static void main(String[] args) throws IOException {
        int low = 1;
        int high = Integer.parseInt(in.readLine().trim());
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (altitude(middle) < altitude(middle + 1)) low = middle + 1;
            else high = middle;
        }
        System.out.println("! " + low);
        System.out.flush();
    }
}
