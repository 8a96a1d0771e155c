/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes into a store's status what steerd would: the answers of external alias targets, the states
 * of health checks, its heartbeat; and reads what it has of a target.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "core/name.h"
#include "core/node.h"
#include "store/status.h"
#include "unit/hex.h"

static const char usage[] =
	"usage: status DIR [NAME TYPE]\n"
	"\n"
	"With a target, prints what is known of it, if anything: TTL, number of records, whether the\n"
	"name does not exist, whether records are held, when it was resolved and tried (seconds of the\n"
	"Unix epoch), tries that have failed since, the error.\n"
	"\n"
	"Otherwise reads lines, and writes all at once when standard input ends:\n"
	"\n"
	"  NAME TYPE -          a target of which nothing is known: its name in wire form as\n"
	"                       hexadecimal digits, its type as a number\n"
	"  NAME TYPE TTL [KEY=VALUE...] RDATA...  its records, likewise; none: it has no data\n"
	"                       age=SECONDS: resolved so long ago; tried=SECONDS: last tried so long\n"
	"                       ago; failures=NUMBER; held=1; nxdomain=1; error=TEXT as hexadecimal\n"
	"                       digits\n"
	"  state ID up|down [SINCE]  what was probed; in seconds of the Unix epoch, or now\n"
	"  heartbeat MS         a heartbeat of so long ago\n";

#define LINES_MAX 1000
#define LINE_SIZE   8192
#define RRS_SIZE    4096

typedef struct {
	uint8_t name[STEER_NAME_MAX];
	uint8_t rrs[RRS_SIZE];
	steer_external_answer_t target;
	char error[STEER_LOG_TEXT_MAX];
	char id[STEER_CHECK_ID_MAX + 1];
	steer_health_state_t state;
	steer_now_t beat;
} known_t;

/*! The store as it is read. */
typedef struct {
	steer_store_t *store;
	steer_reader_t *records, *status;
	steer_now_t now;
} opened_t;

static void die(const char *what)
{
	fprintf(stderr, "status: %s\n", what);
	exit(1);
}

static void add_rdata(known_t *known, uint16_t type, const char *text)
{
	uint8_t rdata[RRS_SIZE / 2];
	size_t len = hex_read(text, rdata, sizeof(rdata));
	if (len == 0 || known->target.rrs_len + STEER_RR_HEAD + len > RRS_SIZE) {
		die("bad or too much rdata");
	}
	known->target.rrs_len += steer_rr_write(known->rrs + known->target.rrs_len, type,
	                                        known->target.ttl, rdata, len);
	known->target.count++;
}

/*! Reads KEY=VALUE; false: it is none. */
static bool read_known(const opened_t *opened, const char *word, known_t *known)
{
	const char *value = strchr(word, '=');
	steer_external_answer_t *target = &known->target;
	if (value == NULL) {
		return false;
	}
	size_t len = value++ - word;
	uint64_t number = strtoull(value, NULL, 10);
	if (strncmp(word, "age", len) == 0) {
		// In another boot, since this one may be younger.
		target->resolved = (steer_now_t) { .wall = opened->now.wall - number };
	} else if (strncmp(word, "tried", len) == 0) {
		target->tried = opened->now.wall - number;
	} else if (strncmp(word, "failures", len) == 0) {
		target->failures = number;
	} else if (strncmp(word, "held", len) == 0) {
		target->held = number;
	} else if (strncmp(word, "nxdomain", len) == 0) {
		target->nxdomain = number;
	} else if (strncmp(word, "error", len) == 0) {
		target->error = known->error;
		target->error_len = hex_read(value, (uint8_t *)known->error, sizeof(known->error));
	} else {
		die("no such key");
	}
	return true;
}

/*! \param[in] since  NULL: now. */
static void read_state(const opened_t *opened, const char *id, const char *state,
                       const char *since, known_t *known, steer_status_entry_t *status)
{
	steer_health_status_t checked;
	snprintf(known->id, sizeof(known->id), "%s", id);
	if (steer_health_check_find(opened->records, opened->status, known->id, &opened->now,
	                            &checked) != STEER_OK) {
		die("no such health check");
	}
	known->state = (steer_health_state_t) {
		.up = strcmp(state, "up") == 0, .created = checked.check.created,
		.since = since != NULL ? strtoull(since, NULL, 10) : opened->now.wall,
		.since_boot = opened->now.boot_ms,
		.boot = { opened->now.boot[0], opened->now.boot[1] },
	};
	*status = (steer_status_entry_t) {
		.kind = STEER_STATUS_STATE, .id = known->id, .state = &known->state,
	};
}

static void read_heartbeat(const opened_t *opened, const char *ms, known_t *known,
                           steer_status_entry_t *status)
{
	uint64_t age = strtoull(ms, NULL, 10);
	known->beat = opened->now;
	known->beat.boot_ms -= age;
	known->beat.wall -= age / 1000;
	*status = (steer_status_entry_t) {
		.kind = STEER_STATUS_HEARTBEAT, .heartbeat = &known->beat,
	};
}

/*! Reads a target: its name, its type, and the rest of the line. */
static bool read_target(const opened_t *opened, const char *name, const char *type, char *rest,
                        known_t *known, steer_status_entry_t *status)
{
	const char *ttl = strtok_r(NULL, " \n", &rest), *word;
	if (ttl == NULL || hex_read(name, known->name, sizeof(known->name)) == 0) {
		return false;
	}
	*status = (steer_status_entry_t) {
		.kind = STEER_STATUS_TARGET, .name = known->name, .type = strtoul(type, NULL, 10),
	};
	if (strcmp(ttl, "-") == 0) {
		return true;
	}
	known->target.ttl = strtoul(ttl, NULL, 10);
	known->target.resolved = opened->now;
	known->target.tried = opened->now.wall;
	known->target.rrs = known->rrs;
	status->target = &known->target;
	while ((word = strtok_r(NULL, " \n", &rest)) != NULL) {
		if (!read_known(opened, word, known)) {
			add_rdata(known, status->type, word);
		}
	}
	return true;
}

/*! Reads a line; false: it is not as it should be. */
static bool read_line(const opened_t *opened, char *line, known_t *known,
                      steer_status_entry_t *status)
{
	char *rest = NULL;
	const char *first = strtok_r(line, " \n", &rest), *second = strtok_r(NULL, " \n", &rest);
	if (second == NULL) {
		return false;
	} else if (strcmp(first, "heartbeat") == 0) {
		read_heartbeat(opened, second, known, status);
		return true;
	} else if (strcmp(first, "state") == 0) {
		const char *state = strtok_r(NULL, " \n", &rest);
		const char *since = state != NULL ? strtok_r(NULL, " \n", &rest) : NULL;
		read_state(opened, second, state != NULL ? state : "", since, known, status);
		return state != NULL;
	}
	return read_target(opened, first, second, rest, known, status);
}

static void must(int ret, const steer_fault_t *fault)
{
	if (ret != STEER_OK) {
		die(fault->text);
	}
}

static void store_open(opened_t *opened, const char *dir)
{
	steer_fault_t fault = { .text = "it cannot be read" };
	uint64_t id;
	must(steer_store_open(&opened->store, dir, STEER_STORE_WRITE, &fault), &fault);
	must(steer_reader_open(&opened->records, opened->store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_open(&opened->status, opened->store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(opened->records, &id), &fault);
	must(steer_reader_renew(opened->status, &id), &fault);
	steer_now(&opened->now);
}

/*! Prints what the status has of a target. */
static void print_target(const opened_t *opened, const char *name, const char *type)
{
	uint8_t wire[STEER_NAME_MAX];
	steer_key_t key;
	steer_external_answer_t target;
	if (hex_read(name, wire, sizeof(wire)) == 0) {
		die("bad name");
	}
	steer_key_from_name(&key, wire);
	int ret = steer_status_external_answer(opened->status, strtoul(type, NULL, 10), &key, &target);
	if (ret == STEER_OK) {
		printf("%u %u %d %d %" PRIu64 " %" PRIu64 " %u %.*s\n", target.ttl, target.count,
		       target.nxdomain, target.held, target.resolved.wall, target.tried,
		       target.failures, target.error_len, target.error);
	} else if (ret != STEER_ENOENT) {
		die(steer_strerror(ret));
	}
}

/*! Writes what lines on standard input say. */
static void write_lines(opened_t *opened)
{
	static known_t known[LINES_MAX];
	static steer_status_entry_t status[LINES_MAX];
	steer_fault_t fault;
	size_t count = 0;
	char line[LINE_SIZE];
	while (count < LINES_MAX && fgets(line, sizeof(line), stdin) != NULL) {
		if (!read_line(opened, line, &known[count], &status[count])) {
			die("that line says nothing");
		}
		count++;
	}
	steer_reader_reset(opened->records);
	steer_reader_reset(opened->status);
	must(steer_status_write(opened->store, status, count, &fault), &fault);
}

int main(int argc, char **argv)
{
	opened_t opened;
	if (argc != 2 && argc != 4) {
		die(usage);
	}
	store_open(&opened, argv[1]);
	if (argc == 4) {
		print_target(&opened, argv[2], argv[3]);
	} else {
		write_lines(&opened);
	}
	steer_reader_close(opened.records);
	steer_reader_close(opened.status);
	steer_store_close(opened.store);
	return 0;
}
