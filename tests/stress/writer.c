/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Renames a chain of CNAMEs (chain.h) by one change set after the other, until it is killed or has
 * made the number requested; or forces health checks down, one after the other.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/program.h"
#include "store/change/change.h"
#include "store/status.h"
#include "stress/chain.h"

static const char usage[] =
	"usage: writer [-f FROM] [-n COUNT] [-r RATE] [-l LINKS] [-m NAMES] [-p] [-d] [-k]\n"
	"              DIR ZONE ZONE\n"
	"\n"
	"  -f  version of the chain that stands (default 0)\n"
	"  -n  change sets to commit (default: without end)\n"
	"  -r  change sets a second (default: as many as possible)\n"
	"  -l  links of the chain, from 1 to 5 (default 5)\n"
	"  -m  with each, also set the address of a name of the first zone, drawn from so many:\n"
	"      \"n\" and eight digits of an even number\n"
	"  -p  each link is a group with the policy \"weighted\": two record sets with the link's "
	"data\n"
	"      and other weights each time; with every fourth version it has no policy\n"
	"  -d  no change sets: force a health check down, \"w\" and four digits of the version before\n"
	"  -k  then keep the store open until standard input ends\n"
	"\n"
	"Prints a line for each commit that has returned: its version, and the monotonic clock then\n"
	"in nanoseconds. A line is written at once, so what is printed was acknowledged.\n";

enum { TYPE_A = 1, TYPE_CNAME = 5 };
#define TTL     60
#define SIMPLE  4 /* Every so many versions have no policy. */
#define FOREVER UINT32_MAX

typedef struct {
	uint32_t from, count, rate, names;
	bool force, keep, policies;
	const char *dir;
	chain_t chain;
} plan_t;

static void die(const char *what)
{
	fprintf(stderr, "writer: %s\n", what);
	exit(1);
}

static int64_t nanoseconds(const struct timespec *time)
{
	return time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
}

/*! Adds a record as two record sets of a group with a policy. */
static int add_sets(steer_change_t *change, unsigned zone, steer_record_t *record, uint32_t version)
{
	static const char *const ids[] = { "first", "second" };
	size_t len;
	const uint8_t *program = steer_preset_program(STEER_PRESET_WEIGHTED, &len);
	int ret = steer_change_policy(change, zone, record->owner, record->type, program, len,
	                              &record->location);
	for (unsigned i = 0; i < 2 && ret == STEER_OK; i++) {
		const steer_record_set_t set = {
			.id = ids[i], .has_weight = true, .weight = 1 + version * (i + 3) % 11,
		};
		ret = steer_change_set(change, zone, record->owner, record->type, &set, &record->location,
		                       &record->set);
		if (ret == STEER_OK) {
			ret = steer_change_add(change, zone, record);
		}
	}
	return ret;
}

/*! Adds a link of a version to its zone's change. */
static int add_link(steer_change_t *change, const unsigned zones[2], const plan_t *plan,
                    unsigned link, uint32_t version)
{
	uint8_t owner[CHAIN_NAME_MAX], rdata[CHAIN_NAME_MAX];
	const chain_t *chain = &plan->chain;
	bool last = link == chain->links - 1;
	chain_name(chain, link, version, owner);
	size_t len = sizeof(version);
	if (last) {
		uint32_t address = htonl(version);
		memcpy(rdata, &address, len);
	} else {
		len = chain_name(chain, link + 1, version, rdata);
	}
	steer_record_t record = {
		.owner = owner, .rdata = rdata, .rdata_len = len, .ttl = TTL,
		.type = last ? TYPE_A : TYPE_CNAME,
	};
	if (plan->policies && version % SIMPLE != 0) {
		return add_sets(change, zones[chain_side(link)], &record, version);
	}
	return steer_change_add(change, zones[chain_side(link)], &record);
}

/*! Fills the change set that renames the chain: the first name stays, the others come and go. */
static int rename_chain(steer_change_t *change, const plan_t *plan, uint32_t version,
                        unsigned zones[2])
{
	const chain_t *chain = &plan->chain;
	int ret = STEER_OK;
	for (unsigned i = 0; i < 2 && i < chain->links && ret == STEER_OK; i++) {
		ret = steer_change_zone(change, chain->zone[i], STEER_ZONE_MERGE, &zones[i]);
	}
	for (unsigned link = 0; link < chain->links && ret == STEER_OK; link++) {
		uint8_t old[CHAIN_NAME_MAX];
		ret = add_link(change, zones, plan, link, version);
		if (link > 0 && ret == STEER_OK) {
			chain_name(chain, link, version - 1, old);
			ret = steer_change_remove(change, zones[chain_side(link)], old, 0, NULL);
		}
	}
	return ret;
}

/* splitmix64: the same names in every run. */
static uint64_t draw(void)
{
	static uint64_t state;
	uint64_t z = state += 0x9E3779B97F4A7C15;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

/*! Adds a name of those that the bench's zones have. */
static int set_drawn(steer_change_t *change, const plan_t *plan, uint32_t version, unsigned zone)
{
	uint8_t owner[CHAIN_NAME_MAX];
	char label[16];
	const uint32_t address = htonl(version);
	int len = snprintf(label, sizeof(label), "n%08u", (unsigned)(draw() % plan->names) * 2);
	owner[0] = len;
	memcpy(owner + 1, label, len);
	memcpy(owner + 1 + len, plan->chain.zone[0], plan->chain.len[0]);
	const steer_record_t record = {
		.owner = owner, .rdata = (const uint8_t *)&address, .rdata_len = sizeof(address),
		.ttl = TTL, .type = TYPE_A,
	};
	return steer_change_add(change, zone, &record);
}

static void commit(steer_store_t *store, const plan_t *plan, uint32_t version)
{
	unsigned zones[2];
	steer_change_t *change = steer_change_new();
	if (change == NULL || rename_chain(change, plan, version, zones) != STEER_OK ||
	    (plan->names > 0 && set_drawn(change, plan, version, zones[0]) != STEER_OK)) {
		die("a change set cannot be made");
	}
	const steer_apply_t options = {
		.who = "writer", .what = "rename the chain", .now.wall = time(NULL),
	};
	steer_summary_t summary;
	steer_fault_t fault;
	if (steer_store_apply(store, change, &options, &summary, &fault) != STEER_OK) {
		die(fault.text);
	}
	steer_change_free(change);
}

/*! Generation of a check, which its states carry. */
static uint32_t created_of(steer_store_t *store, const char *id, const steer_now_t *now)
{
	static const enum steer_env envs[] = { STEER_ENV_RECORDS, STEER_ENV_STATUS };
	steer_reader_t *readers[2];
	steer_health_status_t checked;
	steer_fault_t fault;
	uint64_t txn;
	for (unsigned i = 0; i < 2; i++) {
		if (steer_reader_open(&readers[i], store, envs[i], &fault) != STEER_OK ||
		    steer_reader_renew(readers[i], &txn) != STEER_OK) {
			die("the store cannot be read");
		}
	}
	if (steer_health_check_find(readers[0], readers[1], id, now, &checked) != STEER_OK) {
		die("there is no such check");
	}
	steer_reader_close(readers[1]);
	steer_reader_close(readers[0]);
	return checked.check.created;
}

/*! Makes a version the one that answers where the sets of those before are down. */
static void force_down(steer_store_t *store, uint32_t version)
{
	char id[16];
	steer_now_t now;
	snprintf(id, sizeof(id), "w%04u", version - 1);
	steer_now(&now);
	const steer_health_state_t state = {
		.created = created_of(store, id, &now), .who = "writer",
		.who_len = strlen("writer"), .since = now.wall, .since_boot = now.boot_ms,
		.boot = { now.boot[0], now.boot[1] },
	};
	const steer_status_entry_t status = { .kind = STEER_STATUS_FORCE, .id = id, .state = &state };
	steer_fault_t fault;
	if (steer_status_write(store, &status, 1, &fault) != STEER_OK) {
		die(fault.text);
	}
}

/*! Reports that a version is committed. */
static void acknowledge(uint32_t version)
{
	char line[64];
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int len = snprintf(line, sizeof(line), "%u %lld\n", version, (long long)nanoseconds(&now));
	if (write(STDOUT_FILENO, line, len) != len) {
		die("the line of a commit cannot be written");
	}
}

/*! Waits for the next turn; a late one delays those after it. */
static void wait_for_turn(struct timespec *turn, uint32_t rate)
{
	struct timespec now;
	turn->tv_nsec += 1000000000 / rate;
	if (turn->tv_nsec >= 1000000000) {
		turn->tv_nsec -= 1000000000;
		turn->tv_sec++;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (nanoseconds(&now) > nanoseconds(turn)) {
		*turn = now;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, turn, NULL) != 0) {
	}
}

static void run(const plan_t *plan, steer_store_t *store)
{
	struct timespec turn;
	clock_gettime(CLOCK_MONOTONIC, &turn);
	for (uint32_t i = 1; plan->count == FOREVER || i <= plan->count; i++) {
		if (plan->force) {
			force_down(store, plan->from + i);
		} else {
			commit(store, plan, plan->from + i);
		}
		acknowledge(plan->from + i);
		if (plan->rate != 0) {
			wait_for_turn(&turn, plan->rate);
		}
	}
	char byte;
	while (plan->keep && read(STDIN_FILENO, &byte, 1) > 0) {
	}
}

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*text == '\0' || *end != '\0' || value > CHAIN_VERSIONS) {
		die(usage);
	}
	return value;
}

static void read_options(int argc, char **argv, plan_t *plan)
{
	int option;
	while ((option = getopt(argc, argv, "f:n:r:l:m:pdk")) != -1) {
		switch (option) {
		case 'f': plan->from = number(optarg); break;
		case 'n': plan->count = number(optarg); break;
		case 'r': plan->rate = number(optarg); break;
		case 'l': plan->chain.links = number(optarg); break;
		case 'm': plan->names = number(optarg); break;
		case 'p': plan->policies = true; break;
		case 'd': plan->force = true; break;
		case 'k': plan->keep = true; break;
		default: die(usage);
		}
	}
	if (argc - optind != 3 || plan->chain.links == 0 || plan->chain.links > CHAIN_LINKS) {
		die(usage);
	}
	plan->dir = argv[optind];
	chain_zone(&plan->chain, 0, argv[optind + 1]);
	chain_zone(&plan->chain, 1, argv[optind + 2]);
}

int main(int argc, char **argv)
{
	plan_t plan = { .count = FOREVER, .chain.links = CHAIN_LINKS };
	read_options(argc, argv, &plan);
	steer_store_t *store;
	steer_fault_t fault;
	if (steer_store_open(&store, plan.dir, STEER_STORE_WRITE, &fault) != STEER_OK) {
		die(fault.text);
	}
	run(&plan, store);
	steer_store_close(store);
	return 0;
}
