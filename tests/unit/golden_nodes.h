/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Models of the golden nodes. Their bytes are in tests/golden.
 */
#pragma once

#include "core/node.h"
#include "unit/count.h"

#define NODE_FACES 3

typedef struct {
	const char *file;
	const char *what;
	unsigned count;
	steer_face_t faces[NODE_FACES];
} golden_node_t;

/* RRs: owner C0 0C, type, IN, TTL 300, rdata with its length. */
#define RR(type, len, rdata) "\xC0\x0C\x00" type "\x00\x01\x00\x00\x01\x2C\x00" len rdata
#define RR_A(last)    RR("\x01", "\x04", "\xC0\x00\x02" last)
#define RR_NS         RR("\x02", "\x04", "\x02ns\x00")
#define RR_MX         RR("\x0F", "\x08", "\x00\x0A\x04mail\x00")
#define RR_TXT(text)  RR("\x10", "\x06", "\x05" text)
#define RR_SOA        RR("\x06", "\x16", "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02" \
                                         "\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05")
#define RR_RRSIG      RR("\x2E", "\x05", "sig-1")

#define BYTES(text)   (const uint8_t *)(text)
#define BODY(text)    .body = BYTES(text), .body_len = sizeof(text) - 1
#define SIGS(text)    .sigs = BYTES(text), .sigs_len = sizeof(text) - 1
#define ID(text)      .id = BYTES(text), .id_len = sizeof(text) - 1
#define ATTRS(text)   .attrs = BYTES(text), .attrs_len = sizeof(text) - 1
#define PLAIN(rrs)    .slot = STEER_SLOT_NONE, .ttl = 300, BODY(rrs)

#define GROUP(number, array) { .type = (number), .count = COUNT(array), .sets = (array) }
#define GROUPS(array) .count = COUNT(array), .groups = (array)

/*! A program with every step that does not look at places. */
#define STEPS "\x01\x02\x00\x32" "\x02\x00" "\x03\x01\x01" "\x04\x00" "\x05\x02\xE8\x03"

/* Also used by other tests. */
extern const steer_set_t set_a[1], set_policy[9];
extern const steer_group_t groups_signed[2], groups_policy[3];

extern const golden_node_t golden_nodes[10];
