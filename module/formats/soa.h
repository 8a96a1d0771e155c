/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The fields of an SOA record, each of which may be missing.
 */
#pragma once

#include <stdint.h>

#include "schema/layout.h"

typedef enum {
	STEER_SOA_SERIAL,
	STEER_SOA_REFRESH,
	STEER_SOA_RETRY,
	STEER_SOA_EXPIRE,
	STEER_SOA_MINIMUM,
	STEER_SOA_NUMBERS, /*!< Number of those above, which are at the end of the rdata. */
	STEER_SOA_MNAME = STEER_SOA_NUMBERS,
	STEER_SOA_RNAME,
	STEER_SOA_TTL,     /*!< Of the record. */
} steer_soa_field_t;

typedef struct {
	unsigned given; /*!< Bit for each field: it is there. */
	uint32_t numbers[STEER_SOA_NUMBERS];
	uint32_t ttl;
	uint8_t mname[STEER_NAME_MAX], rname[STEER_NAME_MAX]; /*!< Wire names, lower case. */
} steer_soa_t;
