/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The health checks of a store and their states, as the verbs read them.
 */
#pragma once

#include <jansson.h>

#include "ctl/view.h"
#include "store/silence.h"
#include "store/status.h"

/*! Health checks and their states at one time. */
typedef struct {
	view_t view;
	steer_reader_t *status;
	steer_now_t now;
	steer_silence_t silence; /*!< Of steerd. */
} health_view_t;

/*! Opens both as they are now. \return GO_ON, or the exit status after an error message */
int health_open(health_view_t *health, const run_t *run, steer_store_mode_t mode);
void health_close(health_view_t *health);

/*!
 * Warns below what was printed that steerd is silent, or else that it has not answered.
 *
 * \param[in] kept     What becomes of what it has stored.
 * \param[in] fault    Of asking it; NULL: it was not asked.
 * \param[in] unknown  What its answer would have told.
 */
void health_warn(const health_view_t *health, const char *kept, const steer_fault_t *fault,
                 const char *unknown);

/*! When steerd was last heard of, if it is silent, else null. */
json_t *health_silent_since(const health_view_t *health);

/*! Walks over all checks. \return GO_ON, or the exit status after an error message */
int health_each(const health_view_t *health, steer_health_status_f take, void *ctx);

/*! health log, which argv[0] is. \return The exit status */
int health_log(run_t *run, int argc, char **argv);
