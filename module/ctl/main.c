/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/streams.h"
#include "ctl/verbs.h"
#include "ctl/waiting.h"
#include "store/store.h"

#define STORAGE "/var/lib/steer"

static const verb_t verbs[] = {
	{ "init", verb_init, "[--ns NAME]... [--group NAME] [--map-size SIZE]",
	  "Creates the store. An existing one is left as it is, an unfinished one is completed.\n\n"
	  "  --ns NAME        a name server of the delegation set, which new zones get; 1 to 13\n"
	  "  --group NAME     group of the files; by default \"knot\" if it exists\n"
	  "  --map-size SIZE  address space to reserve, with K, M, G or T; by default 1T" },
	{ "import", verb_import,
	  "[--format FORMAT] [--zone NAME] [--merge|--replace] [--include-anywhere] "
	  "[--dry-run] FILE...",
	  "Reads zone files, Steer YAML, JSON of Route 53, zones of octoDNS, configurations of Knot\n"
	  "with mod-geoip and of gdnsd (- is standard input) as one change set, and prints the\n"
	  "zones that it creates. Policies, aliases and health checks that are lost are reported.\n\n"
	  "  --format FORMAT  zone, yaml, route53, octodns, geoip or gdnsd, of which FILE is the\n"
	  "                   folder; by default, auto, the file's name decides, or its first line,\n"
	  "                   among the first three\n"
	  "  --zone NAME      the only zone of a zone file, of JSON of Route 53, of octoDNS, or that\n"
	  "                   is wanted of mod-geoip; by default taken from the owner of\n"
	  "                   its SOA, of a zone file also from its $ORIGIN or its name NAME.zone,\n"
	  "                   and another SOA begins another zone; of octoDNS NAME.yaml\n"
	  "  --replace        make the zone equal to the file, create it if missing (default)\n"
	  "  --merge          replace the record sets in the file, keep all others, and TTLs that\n"
	  "                   the file does not give\n"
	  "  --include-anywhere\n"
	  "                   $INCLUDE may name files outside the directory of FILE\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)" },
	{ "export", verb_export, "[--format zone|yaml|route53|octodns] [--lossy] [ZONE...]",
	  "Prints the given zones, or all, as zone files, Steer YAML, JSON of Route 53 or YAML of\n"
	  "octoDNS. If the format cannot express all of it, that is listed, and nothing is printed.\n\n"
	  "  --format FORMAT  zone (default), yaml, route53 or octodns; that is of one ZONE\n"
	  "  --lossy          also print zones that the format cannot fully express, without the\n"
	  "                   rest: for a zone file the mode overlay, comments, groups with a\n"
	  "                   policy, aliases, and health checks" },
	{ "zone", verb_zone,
	  "list | show NAME | create NAME [--ns NAME]... [--dry-run] | "
	  "create NAME --overlay [--dry-run] | delete NAME... [--force] [--dry-run]",
	  "Lists, shows, creates and deletes zones.\n\n"
	  "  --ns NAME        a name server of the new zone; by default those of the delegation set\n"
	  "  --overlay        lay the new zone over the server's own zone of that name, which\n"
	  "                   answers with all record sets that the new one does not have\n"
	  "  --force          also delete zones with more than SOA and NS at their apex, and\n"
	  "                   overlays with records\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)" },
	{ "set", verb_set,
	  "NAME TYPE [OPTION...] VALUE... | NAME TYPE [OPTION...] --alias TARGET | "
	  "NAME TYPE [--ttl TIME] [--policy POLICY] [--dry-run]",
	  "Creates or replaces a record set. With --id, or without values and --alias, what is not\n"
	  "given stays as it is; otherwise it gets its default.\n"
	  "NAME, TARGET and the names in values are absolute, with or without the final dot; the\n"
	  "zone is the closest hosted one.\n"
	  "A value is one argument in zone file form: '10 mail.example.com', '\"some text\"'.\n"
	  "After -- a value may begin with -.\n"
	  "Without --id it is the only record set of name and type, and ends their policy, if any.\n"
	  "The last form changes the TTL or the policy of all record sets of name and type.\n\n"
	  "  --ttl TIME       seconds, or numbers with units as in 1h30m; by default that of the\n"
	  "                   record set now, or of others in its group, or 300\n"
	  "  --alias TARGET   answer with TARGET's records of this type\n"
	  "  --evaluate-target-health yes|no\n"
	  "                   whether the alias is down when its target is; yes by default\n"
	  "  --health CHECK   the health check that tells whether it is up; none removes it\n"
	  "  --id ID          one of several record sets, among which a policy chooses\n"
	  "  --policy POLICY  weighted, failover, multivalue, latency, geolocation, geoproximity,\n"
	  "                   ip, or steps such as 'up min-healthy=50%, tier, weighted, take 2'.\n"
	  "                   Without it a group keeps its policy, and a new one gets that of the\n"
	  "                   attribute\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)\n\n"
	  "with --id:\n"
	  "  --weight N       its share of the answers (weighted); default restores 1\n"
	  "  --failover primary|secondary\n"
	  "                   its turn (failover): tier 0 or 1\n"
	  "  --tier N         its turn, 0 to 255; lower ones come first; default restores 0\n"
	  "  --multivalue     one of the healthy ones that are answered together (multivalue)\n"
	  "  --region NAME    where it is (latency): AWS's code or one of your own; none removes it\n"
	  "  --geo PLACE      where its clients are (geolocation): continent:EU, country:US,\n"
	  "                   country:US/NY, or default for those that no other set is for\n"
	  "  --coordinates LAT,LON\n"
	  "                   where it is (geoproximity), in place of a region; none removes them\n"
	  "  --bias N         how much nearer it counts (geoproximity): -99 to 99 percent; default\n"
	  "                   restores 0\n"
	  "  --cidr COLLECTION/LOCATION\n"
	  "                   location of its clients in a map of type cidr (ip), or default\n"
	  "  --asn N[,N...]   autonomous systems of its clients (the step asn), or default" },
	{ "del", verb_del, "NAME [TYPE [ID]] [--dry-run]",
	  "Deletes a record set of a policy, all of a name and type, or all of a name.\n\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)" },
	{ "get", verb_get, "NAME [TYPE]",
	  "Prints the records of a name as zone file lines. Policies, the types of aliases and\n"
	  "health checks are in comments." },
	{ "list", verb_list, "[ZONE]",
	  "Prints the record sets of a zone, or of all, one per line: name, type, TTL and values,\n"
	  "separated by tabs, then policy, id and attributes in braces." },
	{ "health", verb_health,
	  "list | show ID | set ID TYPE [KEY=VALUE]... [--dry-run] | del ID [--dry-run] | "
	  "force PATTERN up|down|clear [--for TIME] [--reason TEXT] | "
	  "report ID up|down|clear [--for TIME] [--reason TEXT] | log [PATTERN] [--since TIME]",
	  "Lists, shows, sets and deletes health checks, sets their states by hand, and prints\n"
	  "their last transitions.\n\n"
	  "  list             id, type, state, its source (force, report, probe, stale, calculated,\n"
	  "                   unknown, undefined, disabled), since when, until when, by whom, why,\n"
	  "                   uses, result of the last probe and its milliseconds, if steerd runs\n"
	  "  set              creates or replaces a health check: http, https, tcp, tls, dns,\n"
	  "                   icmp, command, calculated or manual, with the options of its type,\n"
	  "                   which steer-yaml(5) explains\n"
	  "  force            the state of all checks whose ids match, whatever is reported or probed\n"
	  "  report           the state of a manual check\n"
	  "  log              transitions, newest last: time, id, state, its source, until when,\n"
	  "                   by whom, why\n"
	  "  --for TIME       how long: seconds, or as in 1h30m; by default until clear\n"
	  "  --reason TEXT    why: it is shown with the state, and logged\n"
	  "  --since TIME     only those from then on: how long ago, or a date as it is printed\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)" },
	{ "target", verb_target, "list [PATTERN] | show NAME [TYPE]",
	  "Lists and shows the external alias targets, which steerd resolves, and their answers.\n\n"
	  "  list             name, type, state (pending, failed, fresh, stale, held), number of\n"
	  "                   records, NODATA or NXDOMAIN, TTL, age of the answer, time until the\n"
	  "                   next try, time for which the answer stays if no try succeeds, tries\n"
	  "                   in a row that have failed, error of the last one\n"
	  "  show             one with its records and all that is known of its tries" },
	{ "map", verb_map,
	  "list | import --type TYPE [OPTION...] FILE... | export NAME | "
	  "lookup NAME ADDR[/LENGTH]|REGION | delete NAME",
	  "Lists, imports, exports and deletes maps, which say where clients are, and looks up\n"
	  "clients in them.\n\n"
	  "  list             name, type, number of networks or regions, bytes, time of the import,\n"
	  "                   format and names of the files\n"
	  "  import           reads files, of whatever formats, as one map, which takes the place of\n"
	  "                   the one of that name as a whole; - is standard input\n"
	  "  export           prints a map as CSV, which import reads\n"
	  "  lookup           what a map says of a client, or a map of regions of a region\n"
	  "  --type TYPE      geo: where networks are; latency: round-trip times between networks and\n"
	  "                   regions; cidr: the locations to which they belong; asn: their\n"
	  "                   autonomous systems; regions: where regions are\n"
	  "  --name NAME      of the map, or of a collection of locations; by default its type\n"
	  "  --region REGION  the region in which the targets of RIPE Atlas results are\n"
	  "  --targets FILE   their regions: CSV target,region, of addresses or measurement numbers\n"
	  "  --locations FILE locations of MaxMind's CSV blocks; by default those beside them\n"
	  "  --skip-bad       leave out lines with errors, and count them\n"
	  "  --dry-run        change nothing; print what would become of the map" },
	{ "config", verb_config, "[KEY [VALUE... | --default] [--dry-run]]",
	  "Prints the settings kept in the store: name, value and default, separated by tabs;\n"
	  "or one setting's value; or changes it.\n\n"
	  "  --default        restore the default of the setting\n"
	  "  --dry-run        change nothing; print what would be removed (-) and added (+)\n\n"
	  "  forwarders       whom steerd asks for alias targets: system, recursion, or 1 to 8 name\n"
	  "                   servers ADDRESS[@PORT], all with #NAME for TLS, or none\n"
	  "  health-log-keep  number of transitions of health checks to keep; 0: none\n"
	  "  log-keep         number of change sets that the log keeps; 0: none\n"
	  "  name-servers     the delegation set, which new zones get; 1 to 13 names\n"
	  "  stale            what becomes of probed health checks when steerd is silent: keep their\n"
	  "                   last states, or count them as up\n"
	  "  stale-after      how long steerd is not heard of until it is silent, such as 10m\n"
	  "  stale-max        how long an alias target's last answer is given after its TTL while\n"
	  "                   its servers fail, such as 1d\n"
	  "  target-empty-hold\n"
	  "                   when to ask again for an alias target that says it has no data, though\n"
	  "                   it had: only then it is believed\n"
	  "  target-ttl-max   upper bound of the TTLs of alias targets\n"
	  "  target-ttl-min   lower bound of the TTLs of alias targets" },
	{ "log", verb_log, "[-n COUNT] [--since NUMBER] [-p] | NUMBER",
	  "Prints the change sets in the log, newest last: number, time, author and command,\n"
	  "separated by tabs; with NUMBER only that one, as with -p.\n\n"
	  "  -n COUNT         only the last COUNT\n"
	  "  --since NUMBER   only those after that one\n"
	  "  -p               also what was removed (-) and added (+)" },
	{ "explain", verb_explain, "NAME TYPE [--from ADDR] [--ecs PREFIX] [--at PLACE]"
	  " [--region-of NAME] [--seed N] [--samples N]",
	  "Prints the server's answer to a question and the reasons for it: what maps say of the\n"
	  "client, each step of a policy with the record sets that it kept and dropped, the chain of\n"
	  "an alias, the TTL.\n\n"
	  "  --from ADDR      who asks: the source address\n"
	  "  --ecs PREFIX     the client's network as in EDNS Client Subnet, such as 192.0.2.0/24\n"
	  "  --at PLACE       as if the client were there: US, US/NY, continent:EU\n"
	  "  --region-of NAME as if it were in this region\n"
	  "  --seed N         seed of the draws: the same seed gives the same answer\n"
	  "  --samples N      ask N times, with this seed and those after it, and print how often\n"
	  "                   each answer came" },
	{ "check", verb_check, "",
	  "Looks for damage and for likely mistakes, and prints a line for each finding; if there\n"
	  "is any, the exit status is 1." },
	{ "backup", verb_backup, "DIR",
	  "Copies the store to a new directory, even while it is in use." },
	{ "stats", verb_stats, "",
	  "Prints version, change sets, sizes and readers of the store." },
};

#define VERBS (sizeof(verbs) / sizeof(*verbs))

#define USAGE "usage: steerctl [-d DIR] [--json] VERB [ARGUMENT...]\n"

static int wrong_usage(void)
{
	fputs(USAGE "steerctl --help lists the verbs\n", stderr);
	return EXIT_USAGE;
}

static void print_help(void)
{
	printf(USAGE "\n"
	       "  -d DIR     directory of the store; by default $STEER_STORAGE, or " STORAGE "\n"
	       "  --json     print one JSON value, also for errors\n"
	       "  --help     print this, or after a verb its help\n"
	       "  --version  print the version\n\nverbs:\n");
	for (size_t i = 0; i < VERBS; i++) {
		printf("  %s%s%s\n", verbs[i].name, verbs[i].usage[0] != '\0' ? " " : "",
		       verbs[i].usage);
	}
}

static const verb_t *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verbs[i].name, name) == 0) {
			return &verbs[i];
		}
	}
	return NULL;
}

static int run_verb(run_t *run, int argc, char **argv)
{
	if (argc == 0) {
		return wrong_usage();
	}
	run->verb = find_verb(argv[0]);
	if (run->verb == NULL) {
		fprintf(stderr, "steerctl: no verb '%s'; steerctl --help lists them\n", argv[0]);
		return EXIT_USAGE;
	}
	char program[32];
	snprintf(program, sizeof(program), "steerctl %s", run->verb->name);
	char what[AUTHOR_TEXT];
	author_what(what, argc, argv);
	run->program = program;
	run->what = what;
	int status = run->verb->function(run, argc, argv);
	run->program = run->what = NULL;
	return status;
}

static int run_arguments(int argc, char **argv)
{
	static const struct option table[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	const char *storage = getenv("STEER_STORAGE");
	run_t run = { .dir = storage != NULL && storage[0] != '\0' ? storage : STORAGE };
	int option;
	if (argc > 0) {
		argv[0] = "steerctl"; // getopt_long() begins its messages with this.
	}
	while ((option = getopt_long(argc, argv, "+d:hV", table, NULL)) != -1) {
		switch (option) {
		case 'd':
			run.dir = optarg;
			break;
		case 'j':
			run.json = true;
			break;
		case 'h':
			print_help();
			return EXIT_DONE;
		case 'V':
			puts("steerctl " PACKAGE_VERSION);
			return EXIT_DONE;
		default:
			return wrong_usage();
		}
	}
	return run_verb(&run, argc - optind, argv + optind);
}

/*! Exits normally, as what was printed so far is worth keeping. */
static void fatal(const steer_fault_t *fault)
{
	exit(print_fault(fault, EXIT_STORE));
}

int main(int argc, char **argv)
{
	streams_t streams;
	steer_store_on_fatal(fatal);
	streams_begin(&streams, argc, argv);
	waiting_tell();
	return streams_end(&streams, run_arguments(argc, argv));
}
