/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief health: what its parts share.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/record_set.h"
#include "ctl/view.h"
#include "store/status.h"

/*! Health checks and what is known of them, of one time. */
typedef struct {
	view_t view;
	steer_reader_t *status;
	steer_now_t now;
} health_view_t;

/*! Opens both. \return GO_ON, or the exit status: it has been said why not. */
int health_open(health_view_t *health, const run_t *run, steer_store_mode_t mode);
void health_close(health_view_t *health);

/*! Walks over all checks. \return GO_ON, or the exit status: what is damaged has been said. */
int health_each(const health_view_t *health, steer_health_status_f take, void *ctx);
/*! Finds a check, also one that is named and not defined. \return GO_ON, or the exit status. */
int health_find(const health_view_t *health, const char *id, steer_health_status_t *checked);
/*! Takes an id that is given; says so if it can be none. \return GO_ON or EXIT_USAGE */
int health_parse_id(const run_t *run, const char *text);

/* Actions of verb_health() in files of their own. */
int health_set(run_t *run, int argc, char **argv);
int health_del(run_t *run, int argc, char **argv);
int health_force(run_t *run, int argc, char **argv);
int health_report(run_t *run, int argc, char **argv);
