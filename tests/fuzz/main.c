/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Runs a fuzz target once on each file named, or in a folder named: for compilers without
 *        libFuzzer. Options of libFuzzer are ignored.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/target.h"

static unsigned files;

static int run_file(const char *path, size_t size)
{
	// The exact size, so that a sanitizer sees the first byte read past it.
	uint8_t *data = malloc(size > 0 ? size : 1);
	FILE *in = fopen(path, "rb");
	if (data == NULL || in == NULL || fread(data, 1, size, in) != size) {
		perror(path);
		exit(1);
	}
	fclose(in);
	int ret = LLVMFuzzerTestOneInput(data, size);
	free(data);
	files++;
	return ret;
}

static int run(const char *path)
{
	struct stat info;
	if (stat(path, &info) != 0) {
		perror(path);
		exit(1);
	}
	if (!S_ISDIR(info.st_mode)) {
		return run_file(path, info.st_size);
	}
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort), ret = 0;
	if (count < 0) {
		perror(path);
		exit(1);
	}
	for (int i = 0; i < count; i++) {
		char *below = NULL;
		if (names[i]->d_name[0] != '.') {
			if (asprintf(&below, "%s/%s", path, names[i]->d_name) < 0) {
				exit(1);
			}
			ret |= run(below);
			free(below);
		}
		free(names[i]);
	}
	free(names);
	return ret;
}

int main(int argc, char **argv)
{
	int ret = 0;
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-') {
			ret |= run(argv[i]);
		}
	}
	fprintf(stderr, "%u files\n", files);
	return ret != 0 || files == 0;
}
