/* tcc links no thread-local storage: errno is a plain variable here. */
static int number;
int *__errno_location(void) { return &number; }
