/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/golden_nodes.h"

#define ID_16  "0123456789abcdef"
#define ID_128 ID_16 ID_16 ID_16 ID_16 ID_16 ID_16 ID_16 ID_16

const steer_set_t set_a[1] = { { PLAIN(RR_A("\x01")), .count = 1 } };
static const steer_set_t set_two_a[] = { { PLAIN(RR_A("\x01") RR_A("\x02")), .count = 2 } };
static const steer_set_t set_ns[] = { { PLAIN(RR_NS), .count = 1 } };
static const steer_set_t set_mx[] = { { PLAIN(RR_MX), .count = 1 } };
static const steer_set_t set_txt[] = { { PLAIN(RR_TXT("hello")), .count = 1 } };
static const steer_set_t set_soa[] = { { PLAIN(RR_SOA), .count = 1 } };
static const steer_set_t set_signed[] = {
	{ PLAIN(RR_A("\x01") RR_A("\x02")), .count = 2, SIGS(RR_RRSIG RR_RRSIG) },
};
#define LAST(text) { ID(text), .tier = UINT8_MAX, .weight = 1, PLAIN(RR_A("\x03")), .count = 1 }
const steer_set_t set_policy[9] = {
	{ ID("blue"), .weight = 90, .slot = 7, .generation = 3, .ttl = 60, .count = 2,
	  BODY(RR_A("\x01") RR_A("\x02")) },
	{ ID(ID_128), .tier = 1, .weight = UINT32_MAX, .slot = STEER_SLOT_NONE, .alias = true,
	  .evaluate = true, BODY("\x03lbs\x07""example\x00"), ATTRS("\x01\x02us") },
	{ ID("\x00"), .tier = UINT8_MAX, .slot = 0, .generation = UINT32_MAX, .ttl = UINT32_MAX,
	  .count = 1, BODY(RR_A("\x03")) },
	LAST("1"), LAST("2"), LAST("3"), LAST("4"), LAST("5"), LAST("6"), // With a draw table.
};
#define WEIGHED(id_text, number) { ID(id_text), .weight = (number), .slot = 1, .generation = 2, \
	.ttl = 60, .count = 1, BODY(RR_A("\x01")) }
static const steer_set_t set_weights[] = {
	WEIGHED("a", 1), WEIGHED("b", 0), WEIGHED("c", UINT32_MAX), WEIGHED("d", 1), WEIGHED("e", 1),
	WEIGHED("f", 2), WEIGHED("g", 1), WEIGHED("h", 0), WEIGHED("i", 1),
};
#define TIERED(id_text, number) { ID(id_text), .tier = (number), .slot = (number), \
	.ttl = 60, .count = 1, BODY(RR_TXT("hello")) }
static const steer_set_t set_tiers[] = { TIERED("a", 0), TIERED("b", 1), TIERED("c", 1) };
/* The steps "geo, up, cidr, asn, latency, within 20%, nearest". */
#define PLACED "\x08\x00" "\x01\x02\x00\x00" "\x0a\x00" "\x0b\x00" "\x06\x00" "\x07\x02\x14\x00" "\x09\x00"
#define US_CALIFORNIA 0x161b471c
static const steer_set_t set_places[] = {
	{ ID("a"), PLAIN(RR_A("\x01")), .count = 1, .region = STEER_DICTIONARY_MAX,
	  .geo = US_CALIFORNIA, .location = 3, .bias = STEER_BIAS_MAX,
	  ATTRS("\x01\x02us\x02\x08\x01\x00\x00\x00\xfe\xff\xff\xff") },
	{ ID("b"), .slot = STEER_SLOT_NONE, .alias = true, .evaluate = true, BODY("\x00"),
	  .location = 2, .has_point = true, .point = { -STEER_LATITUDE_MAX, STEER_LONGITUDE_MAX },
	  .bias = -STEER_BIAS_MAX },
	{ ID("c"), PLAIN(RR_A("\x02")), .count = 1, .has_point = true,
	  .point = { STEER_LATITUDE_MAX, -STEER_LONGITUDE_MAX } },
};
static const steer_set_t set_alias[] = {
	{ .slot = STEER_SLOT_NONE, .alias = true, BODY("\x00") },
};

/* The steps "up all-down=none, weighted sticky=client, take 2", and "failover". */
#define STICKY   "\x01\x02\x01\x00" "\x03\x01\x01" "\x05\x02\x02\x00"
#define FAILOVER "\x01\x02\x00\x00" "\x02\x00" "\x04\x00" "\x05\x02\x01\x00"

static const steer_group_t groups_a[] = { GROUP(1, set_a) };
static const steer_group_t groups_types[] = {
	GROUP(1, set_two_a), GROUP(15, set_mx), GROUP(16, set_txt),
};
static const steer_group_t groups_cut[] = { GROUP(2, set_ns) };
static const steer_group_t groups_apex[] = { GROUP(2, set_ns), GROUP(6, set_soa) };
const steer_group_t groups_signed[2] = { GROUP(1, set_signed), GROUP(16, set_txt) };
const steer_group_t groups_policy[3] = {
	{ .type = 1, .count = COUNT(set_policy), .sets = set_policy,
	  .program = BYTES(STEPS), .program_len = sizeof(STEPS) - 1 },
	GROUP(16, set_txt),
	GROUP(28, set_alias),
};

static const steer_group_t groups_draws[] = {
	{ .type = 1, .count = COUNT(set_weights), .sets = set_weights, .program = BYTES(STICKY),
	  .program_len = sizeof(STICKY) - 1 },
	{ .type = 16, .count = COUNT(set_tiers), .sets = set_tiers, .program = BYTES(FAILOVER),
	  .program_len = sizeof(FAILOVER) - 1 },
};

static const steer_group_t groups_places[] = {
	{ .type = 1, .count = COUNT(set_places), .sets = set_places, .collection = 1,
	  .program = BYTES(PLACED), .program_len = sizeof(PLACED) - 1 },
};

const golden_node_t golden_nodes[10] = {
	{ "plain_a", "one A record in the zone of one label", 1, { { .apex = 1, GROUPS(groups_a) } } },
	{ "types", "A with two records, MX and TXT", 1, { { .apex = 1, GROUPS(groups_types) } } },
	{ "faces", "the apex of a zone, delegated with a cut in the one above, below an apex that "
	           "hosts it too", 3,
	  { { .apex = 0, .flags = STEER_FACE_HOSTED, .cut = 2, GROUPS(groups_cut) },
	    { .apex = 1, .flags = STEER_FACE_HOSTED, .cut = 2, .children = 1, GROUPS(groups_cut) },
	    { .apex = 2, .flags = STEER_FACE_APEX, .children = 1000000, GROUPS(groups_apex) } } },
	{ "empty", "an empty non-terminal with a hosted zone below it", 1,
	  { { .apex = 1, .children = 1 } } },
	{ "hosted", "the apex of a hosted zone in the zone around it, without data there", 2,
	  { { .apex = 1, .flags = STEER_FACE_HOSTED },
	    { .apex = 3, .flags = STEER_FACE_APEX, GROUPS(groups_apex) } } },
	{ "wildcard", "a name below a delegation, with a wildcard below it; an overlay's", 1,
	  { { .apex = 0, .flags = STEER_FACE_WILDCARD | STEER_FACE_OVERLAY, .cut = 127, .children = 2,
	      GROUPS(groups_a) } } },
	{ "policy", "a policy with every step, a table and nine sets, one of them an alias with the "
	            "longest identifier; a plain group; an alias alone, to the root", 1,
	  { { .apex = 1, GROUPS(groups_policy) } } },
	{ "draws", "weights with their draw table that a client sticks to, and tiers", 1,
	  { { .apex = 1, GROUPS(groups_draws) } } },
	{ "places", "sets with a region, places, locations, coordinates, biases, numbers of autonomous "
	            "systems, and the steps that use them", 1, { { .apex = 1, GROUPS(groups_places) } } },
	{ "signed", "signatures beside a record set, in front of another", 1,
	  { { .apex = 1, GROUPS(groups_signed) } } },
};
