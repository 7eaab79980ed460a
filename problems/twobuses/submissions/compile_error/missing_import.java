// Scanner is in java.util and has to be imported.
class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        System.out.println("AB".repeat(n).substring(0, n));
    }
}
