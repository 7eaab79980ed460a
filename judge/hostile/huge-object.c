/* Makes a program of a gigabyte. */
char bytes[1 << 30] = {1};
int main(void) { return bytes[5]; }
