/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A name server to ask.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include "steer/fault.h"
#include "steerd/address.h"

typedef struct {
	address_t address;
	char text[INET6_ADDRSTRLEN + 6]; /*!< As ADDRESS or ADDRESS@PORT. */
} server_t;

/*! Reads ADDRESS or ADDRESS@PORT. \retval STEER_OK, STEER_EINVAL */
int server_parse(server_t *server, const char *text, steer_fault_t *fault);
