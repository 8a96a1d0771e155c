/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The verbs of steerctl, and what each of them is given.
 *
 * A verb prints data on standard output and messages on standard error, and returns the exit status
 * of the program. It changes the store with one change set or not at all.
 */
#pragma once

#include <stdbool.h>

/*! Exit statuses, as documented in steerctl(8). */
enum {
	EXIT_DONE = 0,    /*!< Also if there was nothing to change. */
	EXIT_REFUSED = 1, /*!< Refused, not found, unreadable input, findings of check. */
	EXIT_USAGE = 2,
	EXIT_STORE = 3,   /*!< The store is missing, locked out, full, damaged or too new. */
};

typedef struct verb verb_t;

/*! The options common to all verbs, and the command. */
typedef struct {
	const char *dir;
	bool json;
	const verb_t *verb;
	const char *program; /*!< "steerctl VERB", for messages. */
	const char *what;    /*!< Verb and arguments, for the change log. */
} run_t;

struct verb {
	const char *name;
	int (*function)(run_t *run, int argc, char **argv); /*!< argv[0] is the verb. */
	const char *usage; /*!< What follows the name in a usage message. */
	const char *help;  /*!< One sentence, then the options. */
};

int verb_explain(run_t *run, int argc, char **argv);
int verb_init(run_t *run, int argc, char **argv);
int verb_import(run_t *run, int argc, char **argv);
int verb_export(run_t *run, int argc, char **argv);
int verb_zone(run_t *run, int argc, char **argv);
int verb_set(run_t *run, int argc, char **argv);
int verb_del(run_t *run, int argc, char **argv);
int verb_get(run_t *run, int argc, char **argv);
int verb_list(run_t *run, int argc, char **argv);
int verb_health(run_t *run, int argc, char **argv);
int verb_target(run_t *run, int argc, char **argv);
int verb_map(run_t *run, int argc, char **argv);
int verb_config(run_t *run, int argc, char **argv);
int verb_log(run_t *run, int argc, char **argv);
int verb_check(run_t *run, int argc, char **argv);
int verb_backup(run_t *run, int argc, char **argv);
int verb_stats(run_t *run, int argc, char **argv);

/* Actions of verb_zone() in zone_edit.c. */
int zone_create(run_t *run, int argc, char **argv);
int zone_delete(run_t *run, int argc, char **argv);
