/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes snapshots of a store as an engine's refresher does, when it is told to: the bench counts
 * what that costs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/snapshot.h"

static const char usage[] =
	"usage: refresh DIR\n"
	"\n"
	"Prints the transaction of the status in a snapshot of the store in DIR; for each line of\n"
	"standard input, takes a new one if there was a commit, and prints that again.\n";

static void must(int ret, const steer_fault_t *fault)
{
	if (ret != STEER_OK) {
		fprintf(stderr, "refresh: %s\n", fault->text);
		exit(1);
	}
}

static void refresh(steer_source_t *source)
{
	steer_fault_t fault;
	bool taken;
	must(steer_source_refresh(source, &taken, &fault), &fault);
	if (taken) {
		steer_source_release(source);
	}
}

static void print_transaction(const steer_source_t *source)
{
	printf("%" PRIu64 "\n", source->bank[source->live].status_id);
}

int main(int argc, char **argv)
{
	steer_source_t *source;
	steer_fault_t fault;
	char line[16];
	if (argc != 2) {
		fputs(usage, stderr);
		return 2;
	}
	must(steer_source_open(&source, argv[1], 1, &fault), &fault);
	setlinebuf(stdout);
	print_transaction(source);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		refresh(source);
		print_transaction(source);
	}
	steer_source_close(source);
	return 0;
}
