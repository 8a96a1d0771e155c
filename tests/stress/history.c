/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shows that what an engine has cached equals what it would find: after each of many random changes
 * each question is asked twice of an engine that has lived through all of them, and of a new one,
 * which caches nothing from one question to the next.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <urcu/compiler.h>

#include "core/client.h"
#include "core/name.h"
#include "core/node.h"
#include "engine/internal.h"
#include "store/maps.h"
#include "store/status.h"
#include "stress/drawn.h"
#include "unit/count.h"
#include "unit/hex.h"
#include "unit/records.h"
#include "unit/stored_maps.h"

static const char usage[] =
	"usage: history SEED ROUNDS DIR\n"
	"\n"
	"Changes the store in DIR, which has no zones yet, in so many rounds, and compares answers\n"
	"after each. Prints how often it has met what, a line each: number and words.\n";

#define QUESTIONS    300 /* Drawn once: a question comes again and again. */
#define ROUND        128 /* Of them asked in a round. */
#define ROOMY        1000
#define CLIENTS      3   /* Networks of clients. */

/* Counts of what was met, in memory that the processes share. */

#define MET(X) \
	X(REFUSED,   "change refused") \
	X(APPLIED,   "change applied") \
	X(CREATED,   "zone created") \
	X(DELETED,   "zone deleted") \
	X(FORCED,    "state of a check written") \
	X(RESOLVED,  "target written") \
	X(MAPPED,    "map put") \
	X(UNMAPPED,  "map deleted") \
	X(POSITIVE,  "positive answer") \
	X(NODATA,    "NODATA") \
	X(NXDOMAIN,  "NXDOMAIN") \
	X(REFERRAL,  "referral") \
	X(NOT_OURS,  "no name of ours") \
	X(SERVFAIL,  "SERVFAIL") \
	X(FULL,      "full sink") \
	X(SCOPED,    "answer for a client") \
	X(VALUES,    "values remembered") \
	X(GROUP,     "group remembered") \
	X(NO_RECORDS, "NODATA remembered") \
	X(NO_NAME,   "NXDOMAIN remembered") \
	X(STILL_NONE, "NODATA remembered over a commit") \
	X(BELOW,     "answered as another name below the same encloser") \
	X(OUTLIVED,  "remembered over a commit") \
	X(EMPTY,     "group remembered, nothing left of it") \
	X(CHOSEN,    "choice remembered") \
	X(CHOSEN_ON, "choice remembered over a commit") \
	X(HOST,      "remembered, and now the host's") \
	X(LED,       "alias with a remembered target") \
	X(LED_ON,    "alias with a target remembered over a commit") \
	X(LED_CNAME, "alias with a remembered target that has a CNAME or DNAME") \
	X(LED_OUT,   "alias with a remembered external target") \
	X(LED_EMPTY, "alias with a remembered target that has no data")

enum {
#define X(symbol, words) MET_##symbol,
	MET(X)
#undef X
	METS
};

static unsigned *met;

static void print_met(void)
{
	static const char *const words[] = {
#define X(symbol, text) text,
		MET(X)
#undef X
	};
	for (unsigned i = 0; i < METS; i++) {
#ifdef STEER_WITHOUT_CHOICES
		if (i == MET_CHOSEN_ON) { // Each answer chooses, and what it chose is remembered.
			continue;
		}
#endif
		printf("%u %s\n", met[i], words[i]);
	}
}

static void fail(const char *what)
{
	fprintf(stderr, "history: %s\n", what);
	exit(1);
}

/* Questions. */

typedef struct {
	steer_question_t question;
	uint8_t name[STEER_NAME_MAX];
	int host_zone;
	steer_bar_t bar;
	steer_client_t client;
	unsigned room; /*!< RRsets that its sink has room for. */
} asked_t;

static asked_t questions[QUESTIONS];

static int asked_zone(void *host)
{
	return ((const asked_t *)host)->host_zone;
}

static steer_bar_t asked_bar(void *host)
{
	return ((const asked_t *)host)->bar;
}

static void asked_client(void *host, bool subnet, steer_client_t *client)
{
	(void)subnet;
	*client = ((const asked_t *)host)->client;
}

/*! A name that some zone may have, or one below it. */
static void draw_name(steer_chance_t *chance, uint8_t *name)
{
	char text[STEER_NAME_MAX + 8], *to = text;
	if (drawn_percent(chance, 25)) {
		to += sprintf(text, "%c.", "xyz"[drawn_below(chance, 3)]);
	}
	unsigned label = drawn_label(chance);
	drawn_name(to, drawn_below(chance, DRAWN_ZONES), label);
	name_read(name, text, (const uint8_t *)"");
}

/*! Draws what the host answers about itself. */
static void draw_host(steer_chance_t *chance, asked_t *asked)
{
	steer_question_t *question = &asked->question;
	bool has_zone = drawn_percent(chance, 30);
	asked->host_zone = STEER_NO_ZONE;
	if (has_zone) {
		unsigned below = drawn_below(chance, steer_name_labels(asked->name) + 1);
		asked->host_zone = steer_name_len(steer_name_skip(asked->name, below));
	}
	question->host_only = has_zone && drawn_percent(chance, 20);
	question->host_zone = drawn_percent(chance, 50) ? asked->host_zone : STEER_ZONE_UNSOUGHT;
}

/*! Draws a network, or an address in one of its halves. */
static void draw_client(steer_chance_t *chance, steer_client_t *client)
{
	*client = (steer_client_t) {
		.family = 4, .length = 24, .address = { 198, 51, drawn_below(chance, CLIENTS) },
	};
	if (drawn_percent(chance, 50)) {
		client->length = 32;
		client->address[3] = drawn_percent(chance, 50) ? 1 : 129;
	}
}

/*! The same name and type come with other hosts and clients: what is cached depends on them. */
static void draw_question(steer_chance_t *chance, asked_t *asked, const asked_t *before)
{
	static const uint16_t types[] = {
		T_A, T_A, T_A, T_A, T_A, T_A, T_A, T_A, T_AAAA, T_AAAA, T_TXT, T_TXT, T_MX, T_NS, T_CNAME,
		T_DNAME, T_SOA, T_DS, T_ANY,
	};
	steer_question_t *question = &asked->question;
	if (before != NULL) {
		*asked = *before;
	} else {
		question->type = types[drawn_below(chance, COUNT(types))];
		draw_name(chance, asked->name);
	}
	if (before == NULL || drawn_percent(chance, 50)) {
		draw_host(chance, asked);
	}
	bool has_zone = asked->host_zone != STEER_NO_ZONE;
	question->overlay_only = has_zone && drawn_percent(chance, 15);
	asked->bar = !has_zone || drawn_percent(chance, 70) ? STEER_BAR_NONE
	             : drawn_percent(chance, 50) ? STEER_BAR_SIGNED : STEER_BAR_ABSENT;
	draw_client(chance, &asked->client);
	asked->room = drawn_percent(chance, 90) ? ROOMY : drawn_below(chance, 3);
	question->name = asked->name;
	question->name_len = steer_name_len(asked->name);
	question->client = asked_client;
	question->zone = asked_zone;
	question->bar = asked_bar;
	question->host = asked;
}

static void draw_questions(uint64_t seed)
{
	steer_chance_t chance;
	steer_chance_seed(&chance, ~seed);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		bool again = i > 0 && drawn_percent(&chance, 50);
		draw_question(&chance, &questions[i], again ? &questions[drawn_below(&chance, i)] : NULL);
	}
}

/* Answers. */

typedef struct {
	FILE *out;
	unsigned room;
} paper_t;

static int paper_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	paper_t *paper = ctx;
	if (paper->room == 0) {
		fputs("  full\n", paper->out);
		return STEER_ESPACE;
	}
	paper->room--;
	fprintf(paper->out, "  %u%s ", section, optional ? "?" : "");
	name_write(rrset->owner != NULL ? rrset->owner : (const uint8_t *)"\1=", paper->out);
	fprintf(paper->out, " %u %u <%d", rrset->ttl, rrset->type, rrset->named_by);
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		const uint8_t *at = rrset->parts[i].rrs, *end = at + rrset->parts[i].len, *rdata;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
			fputs(" ", paper->out);
			hex_write(paper->out, rdata, len);
		}
	}
	fputs("\n", paper->out);
	return STEER_OK;
}

static void count_answer(int ret, const steer_outcome_t *outcome)
{
	static const unsigned kinds[] = { MET_POSITIVE, MET_NODATA, MET_NXDOMAIN, MET_REFERRAL };
	met[ret == STEER_ENOENT ? MET_NOT_OURS : ret == STEER_ESERVFAIL ? MET_SERVFAIL
	    : ret == STEER_ESPACE ? MET_FULL : kinds[outcome->kind]]++;
	met[MET_SCOPED] += ret == STEER_OK && outcome->scope > 0;
}

/*! Asks an engine and writes its answer: the draws are the same for both engines. */
static int ask(steer_engine_t *engine, unsigned number, uint64_t draws, steer_outcome_t *outcome,
               FILE *out)
{
	const asked_t *asked = &questions[number];
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = asked->room };
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = UINT16_MAX };
	steer_chance_seed(&engine->workers[0]->chance, draws);
	int ret = steer_engine_answer(engine, 0, &asked->question, &sink, outcome);
	fclose(paper.out);
	fprintf(out, "returns %d, exists %d", ret, steer_engine_exists(engine, 0, &asked->question));
	if (ret == STEER_OK || ret == STEER_ESPACE) {
		fprintf(out, ": kind %u, rcode %u, AA %d, host's SOA %d, leads out %d, scope %u, error %d\n"
		        "%s", outcome->kind, outcome->rcode, outcome->authoritative, outcome->host_soa,
		        outcome->leads_out, outcome->scope, outcome->error, body);
	} else {
		fprintf(out, ret == STEER_ESERVFAIL ? ": error %d\n" : "\n", outcome->error);
	}
	fputc('\0', out);
	free(body);
	return ret;
}

static void ignore_log(void *ctx, int priority, const char *text)
{
	(void)ctx;
	(void)priority;
	(void)text;
}

static void ignore_gauge(void *ctx, steer_gauge_t gauge, uint64_t value)
{
	(void)ctx;
	(void)gauge;
	(void)value;
}

void steer_host_thread_begin(void)
{
}

void steer_host_thread_end(void)
{
}

/*! Opens the store's engine; it looks for commits only when it is told to. */
static steer_engine_t *open_engine(const char *dir)
{
	static const steer_listener_t listener = { .log = ignore_log, .gauge = ignore_gauge };
	steer_engine_t *engine = NULL;
	if (steer_engine_open(&engine, dir, 1, &listener) != STEER_OK ||
	    eventfd_write(engine->stop_fd, 1) != 0 || pthread_join(engine->refresher, NULL) != 0) {
		fail("the engine cannot be opened, or its refresher not be ended");
	}
	engine->refresher_runs = false;
	return engine;
}

/*! Question of a round, and the seed of its draws. */
static unsigned question_of(uint64_t seed, unsigned round, unsigned number, uint64_t *draws)
{
	steer_chance_t chance;
	steer_chance_seed(&chance, seed + ((uint64_t)round << 32 | number));
	*draws = steer_chance_bits(&chance);
	return drawn_below(&chance, QUESTIONS);
}

/* The engine with a history. */

/*! What is cached for a question and a host's zone of host_zone bytes, or NULL. */
static const steer_found_t *remembered(steer_engine_t *engine, const steer_question_t *question,
                                       int host_zone)
{
	const steer_snapshot_t *snapshot = engine->live;
	steer_query_context_t context = {
		.worker = engine->workers[0], .snapshot = snapshot, .host_zone = host_zone,
	};
	return steer_cache_find(&context, question,
	                        steer_name_hash(question->name, question->name_len));
}

/*! Whether the question is cached as one for which the host has no zone. */
static bool is_remembered_otherwise(steer_engine_t *engine, const asked_t *asked)
{
	steer_question_t other = asked->question;
	other.host_only = false;
	return asked->host_zone != STEER_NO_ZONE &&
	       remembered(engine, &other, STEER_NO_ZONE) != NULL;
}

/*! Counts the aliases of a group whose targets are cached. */
static void count_leads(steer_engine_t *engine, const steer_found_t *found)
{
	static const unsigned kinds[] = {
		[STEER_REACHED_GROUP] = MET_LED, [STEER_REACHED_CNAME] = MET_LED_CNAME,
		[STEER_REACHED_DNAME] = MET_LED_CNAME, [STEER_REACHED_EXTERNAL] = MET_LED_OUT,
		[STEER_REACHED_NODATA] = MET_LED_EMPTY,
	};
	const steer_query_context_t context = {
		.worker = engine->workers[0], .snapshot = engine->live,
	};
	steer_group_t group;
	steer_group_view(&group, found->node, found->at);
	for (unsigned i = 0; i < group.count; i++) {
		steer_set_t set;
		steer_group_set(&group, i, &set);
		const steer_cached_lead_t *lead =
			set.alias ? steer_cache_find_lead(&context, set.body, group.type) : NULL;
		if (lead != NULL) {
			met[kinds[lead->lead.kind]]++;
			met[MET_LED_ON] += lead->serial < engine->live->serial;
		}
	}
}

/*! Counts what the group's policy has chosen for the client, if that is remembered. */
static void count_choice(steer_engine_t *engine, const steer_found_t *found,
                         const steer_client_t *client)
{
	uint8_t bits;
	const steer_choice_key_t key = { found->at, steer_client_number(client, &bits), false };
	const steer_choice_t *choice =
		steer_choices_find(&engine->workers[0]->cache.choices, engine->live, &key);
	if (choice != NULL) {
		met[MET_CHOSEN]++;
		met[MET_CHOSEN_ON] += caa_container_of(choice, steer_made_choice_t, choice)->serial <
		                      engine->live->serial;
	}
}

/*! Counts a question that is not cached, but whose answer is known by another name's. */
static void count_below(steer_engine_t *engine, const asked_t *asked)
{
	const steer_question_t *question = &asked->question;
	const steer_query_context_t context = {
		.worker = engine->workers[0], .snapshot = engine->live, .host_zone = asked->host_zone,
	};
	if (!question->overlay_only && asked->bar == STEER_BAR_NONE) {
		met[MET_BELOW] += steer_cache_find_below(&context, question,
		                                         steer_name_hash(question->name,
		                                                         question->name_len)) != NULL;
	}
}

static void answer_counted(steer_engine_t *engine, unsigned number, uint64_t draws, FILE *out)
{
	const asked_t *asked = &questions[number];
	const steer_found_t *found = remembered(engine, &asked->question, asked->host_zone);
	bool group = found != NULL && found->node != NULL;
	bool otherwise = is_remembered_otherwise(engine, asked);
	if (found != NULL) {
		const steer_cached_question_t *slot =
			caa_container_of(found, steer_cached_question_t, found);
		bool outlived = slot->serial < engine->live->serial;
		met[found->kind == STEER_KIND_NODATA ? MET_NO_RECORDS
		    : found->kind == STEER_KIND_NXDOMAIN ? MET_NO_NAME : group ? MET_GROUP : MET_VALUES]++;
		met[MET_OUTLIVED] += outlived && found->kind == STEER_KIND_POSITIVE;
		met[MET_STILL_NONE] += outlived && found->kind == STEER_KIND_NODATA;
	}
	if (group) {
		count_leads(engine, found);
		count_choice(engine, found, &asked->client);
	}
	if (found == NULL) {
		count_below(engine, asked);
	}
	steer_outcome_t outcome;
	int ret = ask(engine, number, draws, &outcome, out);
	count_answer(ret, &outcome);
	met[MET_EMPTY] += group && ret == STEER_OK && outcome.kind == STEER_KIND_NODATA;
	met[MET_HOST] += otherwise && ret == STEER_ENOENT;
}

/*! Reads numbers of rounds and writes that round's answers, until there are no more. */
static void live_through(uint64_t seed, const char *dir, int from, int to)
{
	steer_engine_t *engine = open_engine(dir);
	FILE *out = fdopen(to, "w");
	unsigned round;
	while (read(from, &round, sizeof(round)) == sizeof(round)) {
		steer_engine_refresh(engine);
		for (unsigned i = 0; i < ROUND; i++) {
			uint64_t draws;
			unsigned number = question_of(seed, round, i, &draws);
			answer_counted(engine, number, draws, out);
			answer_counted(engine, number, draws, out);
		}
		fflush(out);
	}
	steer_engine_close(engine, NULL);
	fclose(out);
}

/* The new engine. */

static void answer_once(uint64_t seed, const char *dir, unsigned round, int to)
{
	steer_engine_t *engine = open_engine(dir);
	FILE *out = fdopen(to, "w");
	steer_outcome_t outcome;
	for (unsigned i = 0; i < ROUND; i++) {
		uint64_t draws;
		unsigned number = question_of(seed, round, i, &draws);
		memset(&engine->workers[0]->cache, 0, sizeof(engine->workers[0]->cache));
		(void)ask(engine, number, draws, &outcome, out);
	}
	steer_engine_close(engine, NULL);
	fclose(out);
}

/* Changes. */

static drawn_store_t drawn;

static void count_zones(void)
{
	for (unsigned i = 0; i < DRAWN_ZONES; i++) {
		met[MET_CREATED] += drawn.zones[i].there && !drawn.before[i].there;
		met[MET_DELETED] += !drawn.zones[i].there && drawn.before[i].there;
	}
}

/*! Changes a zone or two, and the health checks; what is refused changes nothing. */
static void change_records(steer_chance_t *chance, steer_store_t *store)
{
	static const steer_apply_t options;
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault;
	int ret = drawn_change(chance, &drawn, change);
	if (ret == STEER_OK) {
		ret = steer_store_apply(store, change, &options, &summary, &fault);
	}
	steer_change_free(change);
	if (ret != STEER_OK && ret != STEER_EREFUSED && ret != STEER_ENOENT) {
		fail(fault.text);
	}
	met[ret == STEER_OK ? MET_APPLIED : MET_REFUSED]++;
	if (ret == STEER_OK) {
		count_zones();
	} else {
		drawn_take_back(&drawn);
	}
}

/*! Generation of a check; false: there is no such check. */
static bool created_of(steer_store_t *store, const char *id, const steer_now_t *now,
                       uint32_t *created)
{
	static const enum steer_env envs[] = { STEER_ENV_RECORDS, STEER_ENV_STATUS };
	steer_reader_t *readers[2];
	steer_health_status_t checked;
	steer_fault_t fault;
	uint64_t id_of;
	for (unsigned i = 0; i < 2; i++) {
		must(steer_reader_open(&readers[i], store, envs[i], &fault), &fault);
		must(steer_reader_renew(readers[i], &id_of), &fault);
	}
	int ret = steer_health_check_find(readers[0], readers[1], id, now, &checked);
	*created = checked.check.created;
	steer_reader_close(readers[1]);
	steer_reader_close(readers[0]);
	return ret == STEER_OK;
}

/*! Writes a state of a check, if it is there. \param[in] has  false: ends the state. */
static void write_state(steer_store_t *store, unsigned check, uint8_t kind, bool has, bool up)
{
	char id[] = "h0";
	steer_now_t now;
	uint32_t created;
	id[1] += check;
	steer_now(&now);
	if (!created_of(store, id, &now, &created)) {
		return;
	}
	const steer_health_state_t state = {
		.up = up, .created = created, .since = now.wall, .since_boot = now.boot_ms,
		.boot = { now.boot[0], now.boot[1] }, .who = "history", .who_len = strlen("history"),
	};
	const steer_status_entry_t status = { .kind = kind, .id = id, .state = has ? &state : NULL };
	steer_fault_t fault;
	must(steer_status_write(store, &status, 1, &fault), &fault);
	met[MET_FORCED]++;
}

/*! Forces or reports some checks, or ends that; sometimes all are down, or up, at once. */
static void change_states(steer_chance_t *chance, steer_store_t *store)
{
	if (drawn_percent(chance, 25)) {
		bool up = drawn_percent(chance, 60);
		for (unsigned check = 0; check < DRAWN_CHECKS; check++) {
			write_state(store, check, STEER_STATUS_FORCE, true, up);
		}
		return;
	}
	for (unsigned i = drawn_below(chance, 3); i > 0; i--) {
		unsigned check = drawn_below(chance, DRAWN_CHECKS);
		uint8_t kind = drawn_percent(chance, 60) ? STEER_STATUS_FORCE : STEER_STATUS_REPORT;
		bool up = drawn_percent(chance, 50);
		write_state(store, check, kind, drawn_percent(chance, 80), up);
	}
}

/*! Gives an external target its addresses, or takes them away. */
static void change_target(steer_chance_t *chance, steer_store_t *store)
{
	uint8_t rrs[2 * (STEER_RR_HEAD + 4)];
	const uint8_t rdata[] = { 198, 51, 100, drawn_below(chance, 200), 198, 51, 100, 250 };
	steer_external_answer_t target = { .ttl = 20 + drawn_below(chance, 3), .rrs = rrs };
	for (unsigned count = drawn_below(chance, 3); target.count < count; target.count++) {
		target.rrs_len += steer_rr_write(rrs + target.rrs_len, T_A, target.ttl,
		                                 rdata + 4 * target.count, 4);
	}
	const char *name = drawn_targets[drawn_below(chance, DRAWN_TARGETS)];
	const steer_status_entry_t status = {
		.kind = STEER_STATUS_TARGET, .type = T_A, .name = name_of(name),
		.target = drawn_percent(chance, 70) ? &target : NULL,
	};
	steer_fault_t fault;
	must(steer_status_write(store, &status, 1, &fault), &fault);
	met[MET_RESOLVED]++;
}

/*! Writes a row for each network of clients and each region: where it is, how far, or whose. */
static void write_rows(steer_chance_t *chance, steer_map_type_t type, FILE *out)
{
	static const char *const places[] = { "EU,DE,", "NA,US,NY", "NA,US,", "EU,,", "AF,ZA," };
	for (unsigned network = 0; network < CLIENTS; network++) {
		if (drawn_percent(chance, 20)) {
			continue; // It is in no row.
		}
		// The halves of a network are told apart by a scope that is longer than it.
		fprintf(out, "198.51.%u.0/%u,", network, drawn_percent(chance, 60) ? 24 : 25);
		if (type == STEER_MAP_GEO) {
			fprintf(out, "%s\n", places[drawn_below(chance, COUNT(places))]);
		} else if (type == STEER_MAP_ASN) {
			fprintf(out, "%u\n", 1 + drawn_below(chance, 8));
		} else {
			unsigned rtt = 1 + drawn_below(chance, 100);
			fprintf(out, "r%u,%u\n", drawn_below(chance, 3), rtt);
		}
	}
}

/*! Puts a map, or deletes it. */
static void change_map(steer_chance_t *chance, steer_store_t *store)
{
	static const struct {
		const char *name, *head;
		steer_map_type_t type;
	} maps[] = {
		{ "geo", "prefix,continent,country,subdivision\n", STEER_MAP_GEO },
		{ "asn", "prefix,asn\n", STEER_MAP_ASN },
		{ "latency", "prefix,region,rtt_ms\n", STEER_MAP_LATENCY },
	};
	unsigned which = drawn_below(chance, COUNT(maps));
	steer_fault_t fault;
	if (drawn_percent(chance, 15)) {
		met[MET_UNMAPPED] += steer_maps_delete(store, maps[which].name, &fault) == STEER_OK;
		return;
	}
	char *csv = NULL;
	size_t size;
	FILE *out = open_memstream(&csv, &size);
	fputs(maps[which].head, out);
	write_rows(chance, maps[which].type, out);
	fclose(out);
	stored_map_must(store, maps[which].name, maps[which].type, csv);
	free(csv);
	met[MET_MAPPED]++;
}

static void change(steer_chance_t *chance, const char *dir)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	if (drawn_percent(chance, 70)) {
		change_records(chance, store);
	}
	if (drawn_percent(chance, 60)) {
		change_states(chance, store);
	}
	if (drawn_percent(chance, 10)) {
		change_target(chance, store);
	}
	if (drawn_percent(chance, 20)) {
		change_map(chance, store);
	}
	steer_store_close(store);
}

/* Comparing. */

typedef struct {
	uint64_t seed;
	const char *dir;
	pid_t history;
	int orders;
	FILE *answers;
} plan_t;

/*! Reads the next answer; it is good until the next call for this buffer. */
static const char *next_answer(FILE *in, char **buffer, size_t *room)
{
	if (getdelim(buffer, room, '\0', in) <= 0) {
		fail("an engine has ended before all questions were answered");
	}
	return *buffer;
}

static void show(const plan_t *plan, unsigned round, unsigned number, const char *which,
                 const char *got, const char *want)
{
	const asked_t *asked = &questions[number];
	fprintf(stderr, "history: seed %llu, round %u: ", (unsigned long long)plan->seed, round);
	name_write(asked->name, stderr);
	fprintf(stderr, " type %u, host_zone %d%s%s, bar %u, client 198.51.%u.%u/%u, room %u\n"
	        "the new engine %s"
	        "the one with a history, asked %s, %s",
	        asked->question.type, asked->host_zone,
	        asked->question.host_only ? " only" : "",
	        asked->question.overlay_only ? ", overlays only" : "", asked->bar,
	        asked->client.address[2], asked->client.address[3], asked->client.length, asked->room,
	        want, which, got);
	for (unsigned i = 0; i < DRAWN_ZONES; i++) {
		char *text = drawn_text(&drawn.zones[i], i);
		fprintf(stderr, "%s", drawn.zones[i].there ? text : "");
		free(text);
	}
}

/*! Compares the answers of a round. */
static void compare(const plan_t *plan, unsigned round, FILE *fresh)
{
	static char *buffers[3];
	static size_t rooms[3];
	for (unsigned i = 0; i < ROUND; i++) {
		uint64_t draws;
		unsigned number = question_of(plan->seed, round, i, &draws);
		const char *want = next_answer(fresh, &buffers[0], &rooms[0]);
		const char *once = next_answer(plan->answers, &buffers[1], &rooms[1]);
		const char *twice = next_answer(plan->answers, &buffers[2], &rooms[2]);
		bool first = strcmp(once, want) != 0;
		if (first || strcmp(twice, want) != 0) {
			show(plan, round, number, first ? "once" : "twice", first ? once : twice, want);
			exit(1);
		}
	}
}

/*! Starts a process that ends with its function. \param[out] in  What it writes. */
static pid_t begin(FILE **in, int *to)
{
	int ends[2];
	if (pipe(ends) != 0) {
		fail("no pipe");
	}
	fflush(NULL);
	pid_t pid = fork();
	if (pid < 0) {
		fail("no process");
	}
	close(ends[pid != 0]);
	*to = ends[1];
	*in = pid != 0 ? fdopen(ends[0], "r") : NULL;
	return pid;
}

static void end(pid_t pid, FILE *in)
{
	int status;
	fclose(in);
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		fail("an engine ended badly");
	}
}

static void begin_history(plan_t *plan)
{
	int orders[2], to;
	if (pipe(orders) != 0) {
		fail("no pipe");
	}
	plan->history = begin(&plan->answers, &to);
	if (plan->history == 0) {
		close(orders[1]);
		live_through(plan->seed, plan->dir, orders[0], to);
		exit(0);
	}
	close(orders[0]);
	plan->orders = orders[1];
}

static void run_round(const plan_t *plan, unsigned round)
{
	FILE *fresh;
	int to;
	pid_t pid = begin(&fresh, &to);
	if (pid == 0) {
		answer_once(plan->seed, plan->dir, round, to);
		_exit(0);
	}
	if (write(plan->orders, &round, sizeof(round)) != sizeof(round)) {
		fail("the engine with a history takes no orders");
	}
	compare(plan, round, fresh);
	end(pid, fresh);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fail(usage);
	}
	plan_t plan = { .seed = strtoull(argv[1], NULL, 10), .dir = argv[3] };
	unsigned rounds = strtoul(argv[2], NULL, 10);
	met = mmap(NULL, METS * sizeof(*met), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	           -1, 0);
	if (met == MAP_FAILED) {
		fail("no memory");
	}
	signal(SIGPIPE, SIG_IGN);
	draw_questions(plan.seed);
	begin_history(&plan);
	steer_chance_t chance;
	steer_chance_seed(&chance, plan.seed);
	for (unsigned round = 0; round < rounds; round++) {
		change(&chance, plan.dir);
		run_round(&plan, round);
	}
	close(plan.orders);
	end(plan.history, plan.answers);
	print_met();
	return 0;
}
