/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief One allocation of a program fails.
 *
 * Preloaded into steerctl. SCARCE_AT is the number of the allocation that fails, from 1; 0: none.
 * At the end, SCARCE_FILE gets how many there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long count, at;
static void *(*next_malloc)(size_t);
static void *(*next_realloc)(void *, size_t);

__attribute__((constructor))
static void begin(void)
{
	const char *number = getenv("SCARCE_AT");
	next_malloc = dlsym(RTLD_NEXT, "malloc");
	next_realloc = dlsym(RTLD_NEXT, "realloc");
	at = number != NULL ? strtoul(number, NULL, 10) : 0;
	count = 0;
}

__attribute__((destructor))
static void end(void)
{
	const char *path = getenv("SCARCE_FILE");
	FILE *file = path != NULL ? fopen(path, "w") : NULL;
	if (file != NULL) {
		fprintf(file, "%lu\n", count);
		fclose(file);
	}
}

static int fails(void)
{
	if (++count != at) {
		return 0;
	}
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	if (next_malloc == NULL) { // Of another library's constructor.
		next_malloc = dlsym(RTLD_NEXT, "malloc");
	}
	return fails() ? NULL : next_malloc(size);
}

void *realloc(void *memory, size_t size)
{
	if (next_realloc == NULL) {
		next_realloc = dlsym(RTLD_NEXT, "realloc");
	}
	return fails() ? NULL : next_realloc(memory, size);
}
