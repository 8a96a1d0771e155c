/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The parameters of the plugin in named.conf.
 *
 * Threads:  the one that loads the configuration.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include <isc/log.h>
#include <isc/mem.h>
#include <isc/result.h>

/*! Most workers that one can ask for. */
#define STEER_THREADS_MAX 512

/*! Parameters. */
typedef struct {
	char storage[PATH_MAX]; /*!< Directory of the store, absolute. */
	unsigned threads;       /*!< Number of workers. */
	bool ecs;               /*!< Whether EDNS Client Subnet tells who asks. */
} steer_parameters_t;

/*! The place and means that BIND gives to whoever reads parameters. */
typedef struct {
	const char *text;   /*!< What is between the braces; NULL: there are none. */
	const char *file;   /*!< File of the configuration. */
	unsigned long line; /*!< Line of it on which the text ends. */
	isc_mem_t *mctx;
	isc_log_t *log;     /*!< Gets "file:line: what is wrong". */
} steer_parameter_text_t;

/*!
 * Reads the parameters.
 *
 * \param[in]  text        Text.
 * \param[in]  store       The store must be one that can be served, too.
 * \param[out] parameters  Parameters.
 *
 * \retval ISC_R_SUCCESS
 * \return Another result: the log has what is wrong.
 */
isc_result_t steer_parameters_read(const steer_parameter_text_t *text, bool store,
                                   steer_parameters_t *parameters);
