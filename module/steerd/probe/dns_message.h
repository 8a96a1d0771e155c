/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a dns check asks, and what an answer says.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Trust:    an answer may hold anything.
 */
#pragma once

#include "steerd/probe/definition.h"

/*! Maximum size of a query: header, question, OPT. */
#define DNS_QUERY_MAX (12 + STEER_NAME_MAX + 4 + 11)
/*! Maximum size of a message. */
#define DNS_MESSAGE_MAX UINT16_MAX

/*! Room for the text of what an answer is. */
#define DNS_IS_SIZE   24
/*! Room for the text of what it lacks; a longer one is cut. */
#define DNS_LACK_SIZE 160

typedef enum {
	DNS_NO_ANSWER, /*!< It does not answer the query. */
	DNS_NO_MEMORY, /*!< For reading it. */
	DNS_TRUNCATED, /*!< To be asked for over TCP. */
	DNS_BAD,       /*!< Not as expected. */
	DNS_GOOD,
} dns_verdict_t;

/*! A verdict with its reason: is, " from ADDRESS", lack. */
typedef struct {
	dns_verdict_t verdict;
	char is[DNS_IS_SIZE];     /*!< A response code, or "malformed answer". */
	char lack[DNS_LACK_SIZE]; /*!< " without 192.0.2.7"; empty unless it lacks records. */
} dns_answer_t;

/*! Whether a query can be made and all values are those of its type: a store may hold anything. */
bool dns_definition_is_good(const definition_t *definition);
/*! Writes the query of a good definition with an id. \return Its size */
size_t dns_query_write(uint8_t query[DNS_QUERY_MAX], const definition_t *definition, uint16_t id);
/*!
 * Reads an answer to the query of a definition.
 *
 * \param[in,out] message  Is not the same afterwards.
 * \param[in]     over_tcp  Whether it came so, and is not truncated even if it says so.
 */
void dns_answer_read(dns_answer_t *answer, const definition_t *definition, const uint8_t *query,
                     uint8_t *message, size_t len, bool over_tcp);
