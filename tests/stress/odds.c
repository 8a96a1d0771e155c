/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints how likely each answer to a question is: it answers by the library once for every sequence
 * of draws, and adds up their shares.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/answer.h"
#include "core/name.h"
#include "core/node.h"
#include "core/types.h"
#include "store/health_table_build.h"
#include "store/map_set.h"
#include "store/store.h"
#include "stress/outcomes.h"
#include "unit/draws.h"
#include "unit/hex.h"

static const char usage[] =
	"usage: odds DIR\n"
	"\n"
	"Reads questions, a line each: name in wire form as hexadecimal digits, type as a number, and\n"
	"the client's subnet (192.0.2.0/24), or '-': unknown. Prints for each a line 'question', a "
	"line\n"
	"for each outcome, and a line 'end' with the number of draws, or 'error' and a reason.\n"
	"An outcome is, with tabs between:\n"
	"\n"
	"  rcode, extended error, scope\n"
	"  owner of the SOA of a negative answer, 'host' if the host has it, or '-'\n"
	"  RRsets of the answer: owner, type, TTL, rdata in order; ';' behind each; or '-'\n"
	"  odds, a sum of parts: COUNT/WAYS ...\n";

#define WALKED_MAX 20000 /* Ways of chance for one question. */
#define NODES      4096
#define LINE_SIZE  2048
#define WORD_SIZE  1024
#define RRS_MAX    4096   /* RRs of an RRset. */
#define RCODE_FAIL 2      /* SERVFAIL. */
#define RCODE_NONE 255    /* No hosted zone answers. */

static void fail(const char *what)
{
	fprintf(stderr, "odds: %s\n", what);
	exit(1);
}

/* The sink: what it is given, as text. */

typedef struct {
	FILE *answer;
	char *text;
	size_t size;
	const uint8_t *asked;
	char soa[2 * STEER_NAME_MAX + 1];
} paper_t;

static int text_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_rdata(paper_t *paper, const steer_rrset_t *rrset)
{
	static char *texts[RRS_MAX];
	unsigned count = 0;
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		const uint8_t *at = rrset->parts[i].rrs, *end = at + rrset->parts[i].len, *rdata;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, end, &len)) != NULL && count < RRS_MAX) {
			texts[count] = malloc(2 * (size_t)len + 1);
			if (texts[count] == NULL) {
				fail("out of memory");
			}
			hex_print(texts[count++], rdata, len);
		}
	}
	qsort(texts, count, sizeof(*texts), text_compare);
	for (unsigned i = 0; i < count; i++) {
		fprintf(paper->answer, " %s", texts[i]);
		free(texts[i]);
	}
}

static int paper_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	(void)optional;
	paper_t *paper = ctx;
	char owner[2 * STEER_NAME_MAX + 1];
	const uint8_t *name = rrset->owner != NULL ? rrset->owner : paper->asked;
	hex_print(owner, name, steer_name_len(name));
	if (section == STEER_ANSWER) {
		fprintf(paper->answer, "%s %u %u", owner, rrset->type, rrset->ttl);
		put_rdata(paper, rrset);
		fputs(";", paper->answer);
	} else if (section == STEER_AUTHORITY && rrset->type == TYPE_SOA) {
		strcpy(paper->soa, owner);
	}
	return STEER_OK;
}

/* The store. */

typedef struct {
	const uint8_t *key; /*!< In the store; NULL: free. */
	size_t key_len;
	steer_entry_t entry;
} node_slot_t;

typedef struct {
	steer_store_t *store;
	steer_reader_t *records, *status, *maps; /*!< maps: NULL if the store has none. */
	steer_map_set_t map_set;
	steer_health_table_build_t health;
	node_slot_t nodes[NODES];
} place_t;

static bool take_check(void *ctx, const steer_health_status_t *checked)
{
	place_t *place = ctx;
	if (steer_health_table_put(&place->health, checked) != STEER_OK) {
		fail("out of memory");
	}
	return true;
}

static void place_open_maps(place_t *place)
{
	steer_fault_t fault;
	uint64_t id;
	int ret = steer_reader_open(&place->maps, place->store, STEER_ENV_MAPS, &fault);
	if (ret == STEER_ENOENT) {
		place->maps = NULL;
	} else if (ret != STEER_OK || steer_reader_renew(place->maps, &id) != STEER_OK) {
		fail("the maps cannot be read");
	}
	if (steer_map_set_open(&place->map_set, place->maps, place->records, NULL) != STEER_OK) {
		fail("the maps cannot be opened");
	}
}

static void place_open(place_t *place, const char *dir)
{
	steer_fault_t fault;
	steer_now_t now;
	uint64_t id;
	if (steer_store_open(&place->store, dir, STEER_STORE_READ, &fault) != STEER_OK ||
	    steer_reader_open(&place->records, place->store, STEER_ENV_RECORDS, &fault) != STEER_OK ||
	    steer_reader_open(&place->status, place->store, STEER_ENV_STATUS, &fault) != STEER_OK) {
		fail(fault.text);
	}
	if (steer_reader_renew(place->records, &id) != STEER_OK ||
	    steer_reader_renew(place->status, &id) != STEER_OK) {
		fail("a reader cannot be renewed");
	}
	place_open_maps(place);
	steer_now(&now);
	if (steer_health_checks_walk(place->records, place->status, &now, take_check, place) !=
	    STEER_OK) {
		fail("the health checks cannot be read");
	}
}

static void place_close(place_t *place)
{
	if (place->maps != NULL) {
		steer_reader_close(place->maps);
	}
	steer_reader_close(place->status);
	steer_reader_close(place->records);
	steer_store_close(place->store);
	steer_health_table_free(&place->health);
}

/*! Finds a node once: a question is answered so often that the search would be most of the work. */
static int place_get(void *ctx, const uint8_t *key, size_t len, uint64_t hash,
                     steer_entry_t **entry, steer_entry_t *scratch)
{
	(void)scratch;
	place_t *place = ctx;
	node_slot_t *slot = &place->nodes[hash % NODES];
	*entry = &slot->entry;
	if (slot->key_len == len && slot->key != NULL && memcmp(slot->key, key, len) == 0) {
		return STEER_OK;
	}
	steer_pair_t pair;
	int ret = steer_reader_find(place->records, key, len, &pair);
	if (ret == STEER_OK) {
		ret = steer_node_open(&slot->entry.node, pair.value, pair.value_len);
	}
	slot->key = ret == STEER_OK ? pair.key : NULL;
	slot->key_len = len;
	slot->entry.zone = STEER_ZONE_UNKNOWN;
	return ret;
}

static bool place_maybe_apex(void *ctx, uint64_t hash)
{
	(void)ctx;
	(void)hash;
	return true;
}

static int place_target(void *ctx, uint16_t type, const steer_key_t *name,
                        steer_external_answer_t *target)
{
	const place_t *place = ctx;
	return steer_status_external_answer(place->status, type, name, target);
}

/* Questions. */

typedef struct {
	uint8_t name[STEER_NAME_MAX];
	size_t len;
	unsigned type;
	steer_client_t client;
} asked_t;

static void asked_client(void *host, bool subnet, steer_client_t *client)
{
	const asked_t *asked = host;
	if (subnet) {
		*client = asked->client;
	}
}

static bool read_client(steer_client_t *client, char *text)
{
	char *slash = strchr(text, '/');
	*client = (steer_client_t) { 0 };
	if (strcmp(text, "-") == 0) {
		return true;
	}
	if (slash == NULL) {
		return false;
	}
	*slash = '\0';
	client->length = atoi(slash + 1);
	client->family = strchr(text, ':') != NULL ? 6 : 4;
	return inet_pton(client->family == 6 ? AF_INET6 : AF_INET, text, client->address) == 1;
}

static bool read_question(asked_t *asked, const char *line)
{
	char name[WORD_SIZE], client[WORD_SIZE];
	if (sscanf(line, "%1023s %u %1023s", name, &asked->type, client) != 3) {
		return false;
	}
	asked->len = hex_read(name, asked->name, sizeof(asked->name));
	return steer_name_is_whole(asked->name, asked->len) && read_client(&asked->client, client);
}

/*! Answers once; returns the outcome as text. */
static char *answer(const steer_lookup_t *lookup, const steer_question_t *question)
{
	paper_t paper = { .asked = question->name, .soa = "-" };
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
	steer_outcome_t outcome;
	steer_found_t found;
	paper.answer = open_memstream(&paper.text, &paper.size);
	if (paper.answer == NULL) {
		fail("out of memory");
	}
	int ret = steer_answer(lookup, question, STEER_NO_ZONE, &sink, &outcome, &found);
	fclose(paper.answer);
	char *text = NULL;
	int len;
	if (ret == STEER_OK) {
		len = asprintf(&text, "%u\t-1\t%u\t%s\t%s", outcome.rcode, outcome.scope,
		               outcome.host_soa ? "host" : paper.soa, paper.size > 0 ? paper.text : "-");
	} else if (ret == STEER_ESERVFAIL) {
		len = asprintf(&text, "%u\t%d\t%u\t-\t-", RCODE_FAIL, outcome.error, outcome.scope);
	} else if (ret == STEER_ENOENT) {
		len = asprintf(&text, "%u\t-1\t0\t-\t-", RCODE_NONE);
	} else {
		len = asprintf(&text, "%d\t-1\t0\t-\t-", ret);
	}
	free(paper.text);
	if (len < 0) {
		fail("out of memory");
	}
	return text;
}

/*! Walks all sequences of draws; NULL, or why not all of them. */
static const char *walk(const steer_lookup_t *lookup, const steer_question_t *question,
                        draws_t *draws, void **outcomes, unsigned *walked)
{
	draws_begin(draws);
	do {
		char *text = answer(lookup, question);
		uint64_t share = draws_runs(draws);
		outcome_add(outcomes, text, share);
		if (share == 0 || *walked == WALKED_MAX) {
			return share == 0 ? "too many ways to count" : "too many ways to walk";
		}
		++*walked;
	} while (draws_next(draws));
	return NULL;
}

static void ask(place_t *place, asked_t *asked)
{
	static draws_t draws;
	static steer_workspace_t workspace;
	const steer_lookup_t lookup = {
		.get = place_get, .maybe_apex = place_maybe_apex, .target = place_target, .ctx = place,
		.health_table = &place->health.table, .chance = &draws.chance, .workspace = &workspace,
		.maps = &place->map_set.maps,
	};
	const steer_question_t question = {
		.name = asked->name, .name_len = asked->len, .type = asked->type,
		.client = asked_client, .host = asked,
	};
	void *outcomes = NULL;
	unsigned walked = 0;
	puts("question");
	const char *error = walk(&lookup, &question, &draws, &outcomes, &walked);
	if (error == NULL) {
		twalk(outcomes, outcome_print);
		printf("end %u\n", walked);
	} else {
		printf("error %s\n", error);
	}
	tdestroy(outcomes, outcome_free);
}

int main(int argc, char **argv)
{
	static place_t place;
	asked_t asked;
	char line[LINE_SIZE];
	if (argc != 2) {
		fail(usage);
	}
	place_open(&place, argv[1]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (!read_question(&asked, line)) {
			fail("that is no question");
		}
		ask(&place, &asked);
	}
	place_close(&place);
	return 0;
}
