/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/forwarders.h"

#define STORAGE "/var/lib/steer"

static const char usage[] =
	"usage: steerd [-d DIR] [--ca-file FILE] [--commands] [--listen ADDRESS:PORT | --listen PATH]\n"
	"              [--resolver ADDRESS[@PORT]]... [--root-hints FILE] [--trust-anchor FILE]\n";

static const char help[] =
	"\nProbes the health checks of a store, resolves its external alias targets, and publishes\n"
	"their states and answers there.\n\n"
	"  -d DIR          directory of the store; by default $STEER_STORAGE, or " STORAGE "\n"
	"  --ca-file FILE  certificates (PEM) that servers' certificates are verified by; by default\n"
	"                  those of the system\n"
	"  --commands      run the commands of checks; without it their states stay as they are.\n"
	"                  Who may write to the store can then run anything as the user of steerd\n"
	"  --listen ADDRESS:PORT\n"
	"                  answer over HTTP there too, besides the socket steerd.sock of the store:\n"
	"                  /healthz, /metrics for Prometheus, /checks, /targets; on an address of\n"
	"                  this host alone, such as 127.0.0.1:9180\n"
	"  --listen PATH   the same on a UNIX socket\n"
	"  --resolver ADDRESS[@PORT]\n"
	"                  name server to ask for the addresses of hosts; up to 8 can be given; by\n"
	"                  default those of /etc/resolv.conf\n"
	"  --root-hints FILE\n"
	"                  root servers, where alias targets are resolved by recursion; by default\n"
	"                  those that libunbound knows\n"
	"  --trust-anchor FILE\n"
	"                  DS or DNSKEY records by which answers of alias targets are validated\n"
	"                  (DNSSEC), such as /usr/share/dns/root.key; by default they are not\n"
	"  --help          print this\n"
	"  --version       print the version\n\n"
	"It runs in the foreground and logs on standard error. SIGHUP makes it read everything\n"
	"again, SIGTERM ends it.\n";

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return EXIT_USAGE;
}

static bool take_listen(options_t *options, const char *text)
{
	steer_fault_t fault;
	if (options->listen.path != NULL || options->listen.address.len > 0) {
		fprintf(stderr, "steerd: --listen: '%s' is one more; allowed: one, besides the socket of "
		        "the store\n", text);
		return false;
	}
	if (listen_parse(&options->listen, text, &fault) != STEER_OK) {
		fprintf(stderr, "steerd: --listen: %s\n", fault.text);
		return false;
	}
	return true;
}

static bool take_resolver(options_t *options, const char *text)
{
	steer_forwarders_t *resolvers = &options->resolvers, parsed;
	if (steer_forwarders_parse(&text, 1, &parsed, NULL) != STEER_OK ||
	    steer_forwarder_is_tls(&parsed.servers[0])) {
		fprintf(stderr, "steerd: --resolver: '%s' is not an address; allowed: an IPv4 or IPv6 "
		        "address, and a port of 1 to 65535 after '@'\n", text);
		return false;
	}
	if (resolvers->count == STEER_FORWARDERS_MAX) {
		fprintf(stderr, "steerd: --resolver: '%s' is one more; allowed: %d\n", text,
		        STEER_FORWARDERS_MAX);
		return false;
	}
	resolvers->servers[resolvers->count++] = parsed.servers[0];
	return true;
}

int options_parse(options_t *options, int argc, char **argv)
{
	enum {
		OPTION_CA_FILE = 256, OPTION_COMMANDS, OPTION_HELP, OPTION_LISTEN, OPTION_RESOLVER,
		OPTION_ROOT_HINTS, OPTION_TRUST_ANCHOR, OPTION_VERSION,
	};
	static const struct option known[] = {
		{ "ca-file", required_argument, NULL, OPTION_CA_FILE },
		{ "commands", no_argument, NULL, OPTION_COMMANDS },
		{ "help", no_argument, NULL, OPTION_HELP },
		{ "listen", required_argument, NULL, OPTION_LISTEN },
		{ "resolver", required_argument, NULL, OPTION_RESOLVER },
		{ "root-hints", required_argument, NULL, OPTION_ROOT_HINTS },
		{ "trust-anchor", required_argument, NULL, OPTION_TRUST_ANCHOR },
		{ "version", no_argument, NULL, OPTION_VERSION },
		{ 0 },
	};
	const char *storage = getenv("STEER_STORAGE");
	*options = (options_t) {
		.dir = storage != NULL && storage[0] != '\0' ? storage : STORAGE,
	};
	int option;
	while ((option = getopt_long(argc, argv, "d:", known, NULL)) >= 0) {
		switch (option) {
		case 'd':
			options->dir = optarg;
			break;
		case OPTION_CA_FILE:
			options->ca_file = optarg;
			break;
		case OPTION_LISTEN:
			if (!take_listen(options, optarg)) {
				return wrong_usage();
			}
			break;
		case OPTION_RESOLVER:
			if (!take_resolver(options, optarg)) {
				return wrong_usage();
			}
			break;
		case OPTION_ROOT_HINTS:
			options->root_hints = optarg;
			break;
		case OPTION_TRUST_ANCHOR:
			options->trust_anchor = optarg;
			break;
		case OPTION_COMMANDS:
			options->commands = true;
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
		fprintf(stderr, "steerd: '%s' is not an option; allowed: options alone\n", argv[optind]);
		return wrong_usage();
	}
	return GO_ON;
}
