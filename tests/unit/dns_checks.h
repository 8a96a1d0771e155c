/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Dns checks whose answers are read by a test and a fuzz target.
 */
#pragma once

#include "steerd/probe/dns_message.h"

/*! The id of their queries. */
#define DNS_CHECK_ID 0x4142

/*! All ask for www.example.net. */
typedef enum {
	DNS_CHECK_A,        /*!< A, at least 2 with 192.0.2.7 and 192.0.2.8. */
	DNS_CHECK_MX,       /*!< MX with 10 mail.example.net. */
	DNS_CHECK_NXDOMAIN, /*!< A, response code NXDOMAIN. */
	DNS_CHECK_TXT,      /*!< TXT, any. */
	DNS_CHECKS,
} dns_check_t;

/*! Makes one and the query for it. \return NULL: it could not be made */
definition_t *dns_check_new(dns_check_t check, uint8_t query[DNS_QUERY_MAX], size_t *query_len);
