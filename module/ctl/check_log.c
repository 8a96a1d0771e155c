/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: all entries of the change log, and its chain; all entries of the health log.
 */
#include <inttypes.h>
#include <string.h>

#include "ctl/check.h"
#include "ctl/options.h"
#include "store/health_log.h"
#include "store/log.h"

static void finding(checker_t *checker, const char *what, uint64_t sequence)
{
	check_store_finding(checker, "%s: change set %" PRIu64 " in the log", what, sequence);
}

/*! An entry of META, or NULL if it is damaged, which is reported elsewhere. */
static const uint8_t *read_entry(const checker_t *checker, const char *name, size_t size)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(checker->view.reader, STEER_DB_META, name, strlen(name), &value,
	                           &len);
	return ret == STEER_OK && len == size ? value : NULL;
}

/*! The log need not hold the store's newest change sets, so its last one may be older. */
static void compare_last(checker_t *checker, const steer_log_change_t *last)
{
	const uint8_t *sequence = read_entry(checker, STEER_META_SEQUENCE, sizeof(uint64_t));
	const uint8_t *chain = read_entry(checker, STEER_META_CHAIN, STEER_LOG_CHAIN_SIZE);
	if (sequence == NULL || chain == NULL) {
		return;
	}
	uint64_t number;
	memcpy(&number, sequence, sizeof(number));
	number = steer_le_u64(number);
	const steer_log_chain_t stored = steer_log_chain_read(chain);
	if (last->sequence > number ||
	    (last->sequence == number && !steer_log_chain_equal(&stored, &last->head.chain))) {
		finding(checker, "not of this store", last->sequence);
	}
}

static int read_all(checker_t *checker, steer_log_t *log)
{
	steer_log_change_t change = { .sequence = 0 };
	steer_log_chain_t chain;
	uint64_t follows = 0; // Number of the change set that must continue chain; 0: none.
	for (;;) {
		int ret = steer_log_find(log, change.sequence + 1, &change);
		if (ret == STEER_ENOENT) {
			break;
		}
		if (ret == STEER_OK) {
			ret = steer_log_verify(log, &change, change.sequence == follows ? &chain : NULL);
		}
		follows = 0;
		if (ret == STEER_EDAMAGED) {
			finding(checker, "damaged", change.sequence);
			continue;
		} else if (ret == STEER_EREFUSED) {
			finding(checker, "does not follow from the one before", change.sequence);
		} else if (ret != STEER_OK) {
			return ret;
		}
		chain = change.head.chain;
		follows = change.sequence + 1;
	}
	if (follows > 0) {
		compare_last(checker, &change);
	}
	return STEER_OK;
}

static int failed(const checker_t *checker, int ret)
{
	fprintf(stderr, "%s: the log cannot be read: %s\n", checker->run->program,
	        steer_strerror(ret));
	return EXIT_STORE;
}

int check_log(checker_t *checker)
{
	steer_log_t *log = NULL;
	int ret = steer_log_open(&log, checker->view.reader);
	if (ret != STEER_OK) {
		return failed(checker, ret);
	}
	ret = read_all(checker, log);
	steer_log_close(log);
	return ret == STEER_OK ? GO_ON : failed(checker, ret);
}

static bool look_at_transition(void *ctx, uint64_t number,
                               const steer_health_transition_t *transition)
{
	if (transition == NULL) {
		check_store_finding(ctx, "damaged: transition %" PRIu64 " in the health log", number);
	}
	return true;
}

int check_health_log(checker_t *checker)
{
	int ret = steer_health_log_walk(checker->opened.health.status, 0, look_at_transition, checker);
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the health log cannot be read: %s\n", checker->run->program,
		        steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}
