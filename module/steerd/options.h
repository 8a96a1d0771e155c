/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The command line of steerd.
 */
#pragma once

#include "core/forwarders.h"
#include "steerd/endpoint/endpoint.h"

typedef struct {
	const char *dir;     /*!< Of the store. */
	const char *ca_file; /*!< NULL: that of the system. */
	bool commands;       /*!< Those of checks are run. */
	listen_t listen;     /*!< Where to answer besides the socket of the store. */
	steer_forwarders_t resolvers; /*!< Without any, those of the system. */
	const char *trust_anchor; /*!< NULL: answers of alias targets are not validated. */
	const char *root_hints;   /*!< NULL: those of libunbound. */
} options_t;

/*! What options_parse() returns if the daemon should start. */
#define GO_ON (-1)
#define EXIT_USAGE 2

/*! Parses the command line. \return GO_ON, or the exit status after help or an error message */
int options_parse(options_t *options, int argc, char **argv);
