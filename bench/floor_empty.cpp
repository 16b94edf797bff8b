// The least that a process can do, linked as the program is: what starting one costs.
int main() { return 0; }
