/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/seeds.h"

#include <stdio.h>
#include <stdlib.h>

static void seed_write(const char *path, int front, const uint8_t *bytes, size_t size)
{
	FILE *out = fopen(path, "wb");
	if (out == NULL || fputc(front, out) == EOF || fwrite(bytes, 1, size, out) != size ||
	    fclose(out) != 0) {
		perror(path);
		abort();
	}
}

void seeds_write(const char *target, const char *name, int front, int mend, uint8_t *bytes,
                 size_t size)
{
	char path[512];
	if (getenv(WRITE_GOLDEN) == NULL) {
		return;
	}
	size_t len = snprintf(path, sizeof(path), "%s/../fuzz/%s.seeds/%s.", GOLDEN_DIR, target, name);
	snprintf(path + len, sizeof(path) - len, "whole");
	seed_write(path, front, bytes, size);
	snprintf(path + len, sizeof(path) - len, "short");
	seed_write(path, front + mend, bytes, size / 2);
	for (unsigned i = 1; i <= 3; i++) {
		size_t at = i * size / 4;
		bytes[at] ^= 0x10;
		snprintf(path + len, sizeof(path) - len, "flip%u", i);
		seed_write(path, front + mend, bytes, size);
		bytes[at] ^= 0x10;
	}
}
