/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names and records as text, for tests.
 *
 * A zone is written as its apex, a line feed, and a line for each record:
 *
 *     example.
 *     @ SOA ns hm 1 2 3 4 300
 *     www 60 A 192.0.2.1
 *
 * Names without a final dot are relative to the apex; \DDD is a byte; the TTL is 300 unless given.
 * Unknown types are TYPEn with the rdata in hexadecimal digits. Bad text aborts the test program.
 *
 * The type may be followed by a policy, or by a record set's identifier with its attributes; the
 * first line of a set has these, any line a value, and "++" starts another set of that identifier:
 *
 *     www A =weighted
 *     www 60 A +blue weight=90 health=web 192.0.2.1
 *     www 60 A +blue 192.0.2.2
 *     www A +green weight=10 alias=green evaluate=no
 *     www A +red region=eu geo=country:US/NY cidr=nets/home at=5010,-870 bias=-10 asn=1,2 192.0.2.3
 *
 * Coordinates are in hundredths of a degree; region=none, geo=default, cidr=default and asn=default
 * are attributes without a value, and geo=#HEX is any number.
 * What a set keeps is keep= and letters, see keep_read(); "~" and a preset's name is the policy of
 * a group that has none, "~" alone the TTL of a whole group.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/recordset.h"
#include "schema/layout.h"

#define DEFAULT_TTL 300

/*! One record; type 0 in a removal: all records of the name. */
typedef struct {
	uint8_t owner[STEER_NAME_MAX];
	uint8_t rdata[2048];
	uint16_t rdata_len;
	uint16_t type;
	uint32_t ttl;
	bool removal; /*!< Written with a leading '-'. */
	bool policy;  /*!< steps are the group's. */
	bool preset;  /*!< They are, if it has none. */
	bool ttl_alone; /*!< The TTL of the group. */
	bool in_set;  /*!< Of a record set with an identifier, or with attributes. */
	bool again;   /*!< Of another set than the lines before. */
	bool bare;    /*!< It has no rdata. */
	bool has_weight, has_tier, has_health, has_alias, evaluate;
	uint32_t weight;
	uint8_t tier;
	bool has_region, has_geo, has_location, has_point, has_bias, has_asns;
	char region[256], location[256]; /*!< Empty: none. */
	steer_geo_t geo;
	steer_coordinates_t point;
	int8_t bias;
	uint32_t asns[STEER_ASNS_MAX + 1];
	unsigned asns_count;
	uint16_t keep; /*!< STEER_KEEP_*. */
	char id[256], health[256];
	uint8_t alias[STEER_NAME_MAX];
	uint8_t steps[64];
	size_t steps_len;
} record_t;

/*!
 * X(name, type, format): a letter for each field of the rdata. n: name, b: u8, h: u16, w: u32,
 * a: IPv4 address, 6: IPv6 address, t: character string, x: the rest in hexadecimal digits.
 */
#define RECORD_TYPES(X) \
	X(A, 1, "a") X(NS, 2, "n") X(CNAME, 5, "n") X(SOA, 6, "nnwwwww") X(PTR, 12, "n") \
	X(MX, 15, "hn") X(TXT, 16, "t") X(AAAA, 28, "6") X(SRV, 33, "hhhn") X(DNAME, 39, "n") \
	X(DS, 43, "hbbx") \
	X(RRSIG, 46, "x") X(NSEC, 47, "n") X(SVCB, 64, "hn") X(HTTPS, 65, "hn") X(ANY, 255, "x")

enum {
#define X(name, type, format) T_##name = (type),
	RECORD_TYPES(X)
#undef X
};

void bad_text(const char *what, const char *text);

/*! Reads a name; returns its length. */
size_t name_read(uint8_t *name, const char *text, const uint8_t *origin);

/*! An absolute name, in one of a few buffers used in turn. */
const uint8_t *name_of(const char *text);

void type_write(uint16_t type, FILE *out);

uint8_t *number_put(uint8_t *to, uint64_t value, unsigned bytes);

/*!
 * Reads a program: a preset's name, or names of steps separated by commas.
 *
 * A number follows take ("take2") and within, what happens when all are down follows up ("up-none"),
 * and what a draw keeps to follows weighted ("weighted-client").
 */
void steps_read(record_t *record, const char *text);

/*! Reads a zone; returns its apex and each of its records. */
void zone_read(const char *text, uint8_t apex[STEER_NAME_MAX],
               void (*each)(void *ctx, const record_t *record), void *ctx);

void name_write(const uint8_t *name, FILE *out);

uint64_t number_get(const uint8_t *at, unsigned bytes);

/*! Writes rdata as it would be read. */
void rdata_write(uint16_t type, const uint8_t *at, size_t len, FILE *out);
