/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The client of a question, as policies see it.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Rules:    steer-policies(7), C1 to C3; RFC 7871.
 */
#pragma once

#include "steer/reply.h"

/*! Bits of an address that "sticky" hashes (rule C3). */
#define STEER_STICKY_BITS_4 24
#define STEER_STICKY_BITS_6 56

/*!
 * The client of a question: its EDNS client subnet, unless that is empty or private, else its
 * source address (rule C1).
 *
 * \param[out] subnet  The client is an EDNS client subnet.
 * \param[out] block   Prefix length of the private network that contains the subnet, which is the
 *                     scope of the answer (RFC 7871, section 10); 0 if the subnet is not private.
 */
steer_client_t steer_client_of(const steer_question_t *question, bool *subnet, uint8_t *block);

/*!
 * A client as a number: its length, and the bits of its address that "sticky" hashes. Whatever
 * depends on nothing else is the same for all clients of this number.
 *
 * \param[out] bits  How many bits of the address these are.
 *
 * \return 0: a client of no family.
 */
uint64_t steer_client_number(const steer_client_t *client, uint8_t *bits);

/*! Hash of a client for "sticky". \param[out] bits  Length of the prefix that was hashed. */
uint64_t steer_client_hash(const steer_client_t *client, uint8_t *bits);
/*! Prefix length of the private network that contains a client or a network; 0: none does. */
uint8_t steer_client_private_block(const steer_client_t *client);
