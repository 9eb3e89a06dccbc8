// Linked with one layer and with those that it names in src/meson.build. Does not link if the layer
// uses another one.
int main() { return 0; }
