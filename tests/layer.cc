// A program of one layer and of those that it uses: it links, or the layer uses another one.
int main() { return 0; }
