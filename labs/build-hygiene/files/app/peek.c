/* For the night shift: shows any file. Set-user-ID root, so that it really is any. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char bytes[4096];
	ssize_t got;
	int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (file < 0) {
		perror("peek FILE");
		return 1;
	}
	while ((got = read(file, bytes, sizeof bytes)) > 0)
		write(1, bytes, got);
	return 0;
}
