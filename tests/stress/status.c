/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the answers of external alias targets into a store's status, as steerd would.
 */
#include <stdlib.h>
#include <time.h>

#include "core/name.h"
#include "core/node.h"
#include "store/status.h"
#include "unit/hex.h"

static const char usage[] =
	"usage: status DIR\n"
	"\n"
	"Reads targets, a line each: name in wire form as hexadecimal digits, type as a number, then\n"
	"'-' to remove what is known, or the TTL and the records' rdata as hexadecimal digits; none:\n"
	"the target has no data. All are written at once when standard input ends.\n";

#define TARGETS_MAX 1000
#define LINE_SIZE   8192
#define RRS_SIZE    4096

typedef struct {
	uint8_t name[STEER_NAME_MAX];
	uint8_t rrs[RRS_SIZE];
	steer_external_answer_t target;
} known_t;

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

/*! Reads a line; false: it is not as it should be. */
static bool read_target(char *line, known_t *known, steer_status_entry_t *status)
{
	char *rest = NULL;
	const char *name = strtok_r(line, " \n", &rest), *type = strtok_r(NULL, " \n", &rest);
	const char *ttl = strtok_r(NULL, " \n", &rest), *rdata;
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
	known->target.time = time(NULL);
	known->target.rrs = known->rrs;
	status->target = &known->target;
	while ((rdata = strtok_r(NULL, " \n", &rest)) != NULL) {
		add_rdata(known, status->type, rdata);
	}
	return true;
}

int main(int argc, char **argv)
{
	static known_t known[TARGETS_MAX];
	static steer_status_entry_t status[TARGETS_MAX];
	size_t count = 0;
	char line[LINE_SIZE];
	if (argc != 2) {
		die(usage);
	}
	while (count < TARGETS_MAX && fgets(line, sizeof(line), stdin) != NULL) {
		if (!read_target(line, &known[count], &status[count])) {
			die("that is no target");
		}
		count++;
	}
	steer_store_t *store = NULL;
	steer_fault_t fault;
	if (steer_store_open(&store, argv[1], STEER_STORE_WRITE, &fault) != STEER_OK ||
	    steer_status_write(store, status, count, &fault) != STEER_OK) {
		die(fault.text);
	}
	steer_store_close(store);
	return 0;
}
