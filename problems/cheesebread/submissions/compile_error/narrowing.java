// A long does not fit into an int without saying so.
import java.util.Scanner;

class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long breads = in.nextLong();
        long places = in.nextLong();
        int trays = (breads + places - 1) / places;
        System.out.println(trays + " " + (trays * places - breads));
    }
}
