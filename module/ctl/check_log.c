/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: all entries of the change log.
 */
#include <inttypes.h>

#include "ctl/check.h"
#include "ctl/options.h"
#include "store/log.h"

/*! Reads the entries of the change set found. */
static int read_entries(steer_log_t *log)
{
	steer_log_entry_t entry;
	int ret;
	do {
		ret = steer_log_next(log, &entry);
	} while (ret == STEER_OK);
	return ret;
}

static int read_all(checker_t *checker, steer_log_t *log)
{
	steer_log_change_t change = { .sequence = 0 };
	for (;;) {
		int ret = steer_log_find(log, change.sequence + 1, &change);
		if (ret == STEER_ENOENT) {
			return STEER_OK;
		}
		ret = ret == STEER_OK ? read_entries(log) : ret;
		if (ret == STEER_EDAMAGED) {
			check_store_finding(checker, "damaged: change set %" PRIu64 " in the log",
			                    change.sequence);
		} else if (ret != STEER_ENOENT) {
			return ret;
		}
	}
}

int check_log(checker_t *checker)
{
	steer_log_t *log = NULL;
	int ret = steer_log_open(&log, checker->view.reader);
	if (ret == STEER_OK) {
		ret = read_all(checker, log);
		steer_log_close(log);
	}
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the log cannot be read: %s\n", checker->run->program,
		        steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}
