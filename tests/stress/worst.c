/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers questions one by one, as the module does, so that callgrind counts what each costs.
 *
 * The engine and the module's writer work on a packet of libknot, so that everything a question
 * costs us is counted; what knotd itself does for a query is the same for all.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

#include "engine/internal.h"
#include "knot/packet.h"
#include "unit/hex.h"

static const char usage[] =
	"usage: worst DIR\n"
	"\n"
	"Reads questions, a line each: name in wire form as hexadecimal digits, type as a number,\n"
	"bytes that the message may have. Asks each twice, since the second answer may be\n"
	"remembered, and prints a line: bytes of the message, '-' if it was not answered, 'stopped'\n"
	"if that took too long. Below callgrind with --collect-atstart=no there is a dump for each\n"
	"of the two, whose trigger is the number of the question, from 0, and 'first' or 'again'.\n";

#define EDNS_SIZE 11 /* What a response reserves for its OPT record. */
/* Processor time after which a question is stopped; some 50 million instructions in callgrind. */
#define PATIENCE_S 1

static sigjmp_buf too_long;

static void die(const char *what)
{
	fprintf(stderr, "worst: %s\n", what);
	exit(1);
}

static void stop(int signal)
{
	(void)signal;
	siglongjmp(too_long, 1);
}

static void set_timer(unsigned seconds)
{
	const struct itimerval timer = { .it_value.tv_sec = seconds };
	setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

#ifdef RUNNING_ON_VALGRIND
static void count_begin(void)
{
	CALLGRIND_TOGGLE_COLLECT;
}

static void count_end(unsigned number, bool again)
{
	char name[32];
	CALLGRIND_TOGGLE_COLLECT;
	snprintf(name, sizeof(name), "%u %s", number, again ? "again" : "first");
	CALLGRIND_DUMP_STATS_AT(name);
}
#else
static void count_begin(void)
{
}

static void count_end(unsigned number, bool again)
{
	(void)number;
	(void)again;
}
#endif

static void say(void *ctx, int priority, const char *text)
{
	(void)ctx;
	(void)priority;
	fprintf(stderr, "worst: %s\n", text);
}

static void ignore_gauge(void *ctx, steer_gauge_t gauge, uint64_t value)
{
	(void)ctx;
	(void)gauge;
	(void)value;
}

typedef struct {
	steer_engine_t *engine;
	knot_pkt_t *query, *response;
	uint8_t *scratch;
} server_t;

typedef struct {
	uint8_t name[KNOT_DNAME_MAXLEN];
	unsigned name_len, type, size;
} asked_t;

/*! A client, identified by a subnet. */
static void client(void *host, bool subnet, steer_client_t *asks)
{
	(void)host;
	(void)subnet;
	*asks = (steer_client_t) { .family = 4, .length = 24, .address = { 198, 51, 100 } };
}

static bool begin_response(server_t *server, const asked_t *asked)
{
	knot_pkt_clear(server->query);
	if (knot_pkt_put_question(server->query, asked->name, KNOT_CLASS_IN, asked->type) != KNOT_EOK ||
	    knot_pkt_parse(server->query, 0) != KNOT_EOK ||
	    knot_pkt_init_response(server->response, server->query) != KNOT_EOK) {
		return false;
	}
	server->response->max_size = asked->size;
	return knot_pkt_reserve(server->response, EDNS_SIZE) == KNOT_EOK;
}

/*! Answers once. \return bytes of the message; 0: it was not answered */
static size_t answer(server_t *server, const asked_t *asked, unsigned number, bool again)
{
	const steer_question_t question = {
		.name = asked->name, .name_len = asked->name_len, .type = asked->type,
		.client = client,
	};
	knot_pkt_t *response = server->response;
	if (!begin_response(server, asked)) {
		die("a packet cannot be made");
	}
	steer_packet_t packet = { .pkt = response, .scratch = server->scratch };
	const steer_sink_t sink = steer_packet_sink(&packet);
	steer_outcome_t outcome;
	steer_chance_seed(&server->engine->workers[0]->chance, number); // Each run draws the same.
	count_begin();
	int ret = steer_engine_answer(server->engine, 0, &question, &sink, &outcome);
	count_end(number, again);
	if (ret == STEER_OK) {
		steer_packet_add_raw(response, &outcome);
	}
	return ret == STEER_OK || ret == STEER_ESPACE ? response->size + EDNS_SIZE : 0;
}

static void ask(server_t *server, const asked_t *asked, unsigned number)
{
	volatile bool again = false;
	if (sigsetjmp(too_long, 1) != 0) {
		count_end(number, again);
		puts("stopped");
		return;
	}
	set_timer(PATIENCE_S);
	(void)answer(server, asked, number, again);
	again = true;
	set_timer(PATIENCE_S);
	size_t bytes = answer(server, asked, number, again);
	set_timer(0);
	printf(bytes > 0 ? "%zu\n" : "-\n", bytes);
}

static bool read_question(asked_t *asked, const char *line)
{
	char name[2 * KNOT_DNAME_MAXLEN + 1];
	if (sscanf(line, "%510s %u %u", name, &asked->type, &asked->size) != 3) {
		return false;
	}
	asked->name_len = hex_read(name, asked->name, sizeof(asked->name));
	return asked->name_len > 0 && asked->size <= KNOT_WIRE_MAX_PKTSIZE;
}

int main(int argc, char **argv)
{
	server_t server = {
		.query = knot_pkt_new(NULL, KNOT_WIRE_MAX_PKTSIZE, NULL),
		.response = knot_pkt_new(NULL, KNOT_WIRE_MAX_PKTSIZE, NULL),
		.scratch = malloc(STEER_SCRATCH_SIZE),
	};
	const steer_listener_t listener = { .log = say, .gauge = ignore_gauge };
	asked_t asked;
	char line[1024];
	if (argc != 2) {
		die(usage);
	}
	if (server.query == NULL || server.response == NULL || server.scratch == NULL ||
	    steer_engine_open(&server.engine, argv[1], 1, &listener) != STEER_OK) {
		die("out of memory");
	}
	signal(SIGVTALRM, stop);
	for (unsigned number = 0; fgets(line, sizeof(line), stdin) != NULL; number++) {
		if (!read_question(&asked, line)) {
			die("that is no question");
		}
		ask(&server, &asked, number);
	}
	fflush(stdout);
	_exit(0); // A stopped question never left the snapshot, so closing would wait forever.
}
