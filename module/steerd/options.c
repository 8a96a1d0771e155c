/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define STORAGE "/var/lib/steer"

static const char usage[] = "usage: steerd [-d DIR] [--ca-file FILE]\n";

static const char help[] =
	"\nProbes the health checks of a store and publishes their states there.\n\n"
	"  -d DIR          directory of the store; by default $STEER_STORAGE, or " STORAGE "\n"
	"  --ca-file FILE  certificates (PEM) that servers' certificates are verified by; by default\n"
	"                  those of the system\n"
	"  --help          print this\n"
	"  --version       print the version\n\n"
	"It runs in the foreground and logs on standard error. SIGHUP makes it read everything\n"
	"again, SIGTERM ends it.\n";

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int options_parse(options_t *options, int argc, char **argv)
{
	enum { OPTION_CA_FILE = 256, OPTION_HELP, OPTION_VERSION };
	static const struct option known[] = {
		{ "ca-file", required_argument, NULL, OPTION_CA_FILE },
		{ "help", no_argument, NULL, OPTION_HELP },
		{ "version", no_argument, NULL, OPTION_VERSION },
		{ 0 },
	};
	const char *storage = getenv("STEER_STORAGE");
	options->dir = storage != NULL && storage[0] != '\0' ? storage : STORAGE;
	options->ca_file = NULL;
	int option;
	while ((option = getopt_long(argc, argv, "d:", known, NULL)) >= 0) {
		switch (option) {
		case 'd':
			options->dir = optarg;
			break;
		case OPTION_CA_FILE:
			options->ca_file = optarg;
			break;
		case OPTION_HELP:
			printf("%s%s", usage, help);
			return EXIT_SUCCESS;
		case OPTION_VERSION:
			puts("steerd " PACKAGE_VERSION);
			return EXIT_SUCCESS;
		default: // getopt_long() has said what is wrong.
			return wrong_usage();
		}
	}
	if (optind < argc) {
		fprintf(stderr, "steerd: '%s': no arguments are allowed but options\n", argv[optind]);
		return wrong_usage();
	}
	return GO_ON;
}
