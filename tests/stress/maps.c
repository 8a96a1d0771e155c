/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives numbers to names of a store's dictionary, as an import of a map does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change/change.h"

static const char usage[] =
	"usage: maps DIR KIND NAME...\n"
	"\n"
	"Gives numbers to names of a kind, \"region\", \"collection\" or \"location\", in one change\n"
	"set, and prints the numbers, a line each.\n";

static void die(const char *what)
{
	fprintf(stderr, "maps: %s\n", what);
	exit(1);
}

static void must(int ret, const steer_fault_t *fault)
{
	if (ret != STEER_OK) {
		die(fault->text);
	}
}

static void give_numbers(steer_store_t *store, uint8_t kind, char **names, size_t count)
{
	static const steer_apply_t options = { .who = "maps", .what = "give numbers" };
	steer_dictionary_name_t *list = calloc(count, sizeof(*list));
	uint32_t *numbers = calloc(count, sizeof(*numbers));
	steer_fault_t fault;
	for (size_t i = 0; i < count; i++) {
		list[i] = (steer_dictionary_name_t) { kind, strlen(names[i]), names[i] };
	}
	must(steer_store_apply_names(store, list, count, &options, numbers, &fault), &fault);
	for (size_t i = 0; i < count; i++) {
		printf("%u\n", numbers[i]);
	}
	free(numbers);
	free(list);
}

int main(int argc, char **argv)
{
	steer_store_t *store;
	steer_fault_t fault;
	if (argc < 4) {
		die(usage);
	}
	must(steer_store_open(&store, argv[1], STEER_STORE_WRITE, &fault), &fault);
	give_numbers(store, argv[2][0], argv + 3, argc - 3);
	steer_store_close(store);
	return 0;
}
