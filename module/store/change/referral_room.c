/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/types.h"
#include "store/change/message_room.h"
#include "store/change/referral_room.h"

/*
 * NS records of fewer bytes are fewer than 256; if each of these has fewer bytes of A and of AAAA
 * records than that, all of them fit in a message.
 */
#define SERVERS_LEAST   (256 * (STEER_RR_HEAD + 1))
#define ADDRESSES_LEAST 120
_Static_assert(SERVERS_LEAST + 255 * 2 * ADDRESSES_LEAST <= STEER_MESSAGE_ROOM_LEAST, "they fit");

int steer_referral_find(steer_referral_t *referral, const steer_lookup_t *lookup,
                        const uint8_t *name)
{
	bool found;
	steer_finder_begin(&referral->finder, lookup, name);
	int ret = steer_finder_zone(&referral->finder, TYPE_NS, &found, &referral->place);
	if (ret != STEER_OK) {
		return ret;
	}
	unsigned cut = found ? referral->place.face.cut : 0;
	if (cut == 0) {
		return STEER_ENOENT;
	}
	if (cut != referral->place.labels) {
		ret = steer_finder_place(&referral->finder, cut, &referral->place);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	bool has = steer_face_group(&referral->place.face, TYPE_NS, &referral->servers);
	return has ? STEER_OK : STEER_ENOENT;
}

static uint64_t most_of(const steer_group_t *group)
{
	uint32_t bytes[STEER_SETS_MAX];
	steer_message_set_bytes(group, bytes);
	return steer_message_sum(group, bytes).most;
}

/*! Bytes of the addresses of one name server; 0: the referral needs none. */
static uint64_t glue_of(const steer_referral_t *referral, const uint8_t *server)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	steer_finder_t finder;
	steer_tree_place_t place;
	steer_group_t group;
	uint64_t bytes = 0;
	if (!steer_name_in(server, steer_referral_owner(referral))) {
		return 0;
	}
	steer_finder_begin(&finder, referral->finder.lookup, server);
	finder.zone = referral->finder.zone;
	if (steer_finder_place(&finder, finder.key.labels, &place) != STEER_OK) {
		return 0;
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		bytes += steer_face_group(&place.face, types[i], &group) ? most_of(&group) : 0;
	}
	return bytes;
}

uint64_t steer_referral_bytes(const steer_referral_t *referral)
{
	const steer_group_t *servers = &referral->servers;
	uint32_t bytes[STEER_SETS_MAX];
	steer_message_set_bytes(servers, bytes);
	for (unsigned i = 0; i < servers->count; i++) {
		steer_set_t set;
		steer_group_set(servers, i, &set);
		uint64_t sum = bytes[i];
		const uint8_t *at = set.body, *rdata;
		uint16_t len;
		while (!set.alias && (rdata = steer_rr_next(&at, set.body + set.body_len, &len)) != NULL) {
			sum += glue_of(referral, rdata);
		}
		bytes[i] = sum < UINT32_MAX ? sum : UINT32_MAX;
	}
	return steer_message_sum(servers, bytes).most;
}

bool steer_referral_may_fill(const steer_group_t *group)
{
	uint64_t bytes = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		bytes += set.alias ? 0 : set.body_len;
	}
	return bytes >= (group->type == TYPE_NS ? SERVERS_LEAST : ADDRESSES_LEAST);
}
