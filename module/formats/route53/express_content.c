/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Values and targets that Route 53 cannot have.
 */
#include <stdio.h>
#include <string.h>

#include "formats/route53/losses.h"
#include "formats/route53/target_zone.h"
#include "formats/route53/value_text.h"

#define VALUES_MAX       400
#define SVCB_PRIORITY    0x7fff
#define SVCB_KEYS        7    /*!< Keys below this have a name; others would be keyNNNNN. */
#define CAA_CRITICAL     0x80

/*! A value. */
typedef struct {
	steer_route53_look_t *look;
	const char *id;
	const uint8_t *rdata;
	uint16_t len;
} value_t;

static unsigned u16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static void look_at_svcb(const value_t *value)
{
	const uint8_t *at = value->rdata + 2, *end = value->rdata + value->len;
	if (u16(value->rdata) > SVCB_PRIORITY) {
		steer_route53_lose(value->look, value->id, "the priority %u", u16(value->rdata));
	}
	for (at += steer_name_len(at); end - at >= 4; at += 4 + u16(at + 2)) {
		if (u16(at) >= SVCB_KEYS) {
			steer_route53_lose(value->look, value->id, "the parameter key%u", u16(at));
		}
	}
}

static void look_at_sshfp(const value_t *value)
{
	if (value->rdata[1] < 1 || value->rdata[1] > 2) {
		steer_route53_lose(value->look, value->id, "the fingerprint type %u", value->rdata[1]);
	}
}

static void look_at_tlsa(const value_t *value)
{
	const uint8_t *rdata = value->rdata;
	if (rdata[0] > 3 || rdata[1] > 1 || rdata[2] > 2) {
		steer_route53_lose(value->look, value->id, "the TLSA parameters %u %u %u", rdata[0],
		                   rdata[1], rdata[2]);
	}
}

static void look_at_caa(const value_t *value)
{
	static const char *const tags[] = { "issue", "issuewild", "iodef" };
	const uint8_t *tag = value->rdata + 2;
	const size_t len = value->rdata[1];
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (strlen(tags[i]) == len && memcmp(tags[i], tag, len) == 0) {
			return;
		}
	}
	if ((value->rdata[0] & CAA_CRITICAL) == 0) {
		steer_route53_lose(value->look, value->id, "the tag %.*s", (int)len, tag);
	}
}

static void look_at_value(const value_t *value, uint16_t type)
{
	const steer_route53_look_t *look = value->look;
	char text[STEER_ROUTE53_VALUE_MAX + 1];
	switch (steer_route53_value_print(look->store->text, type, value->rdata, value->len, text)) {
	case STEER_OK:
		break;
	case STEER_ESPACE:
		steer_route53_lose(value->look, value->id, "a value of more than %d characters",
		                   STEER_ROUTE53_VALUE_MAX);
		return;
	default:
		steer_route53_lose(value->look, value->id, "a value without a text of its own");
		return;
	}
	switch (type) {
	case TYPE_SVCB:
	case TYPE_HTTPS:
		look_at_svcb(value);
		break;
	case TYPE_SSHFP:
		look_at_sshfp(value);
		break;
	case TYPE_TLSA:
		look_at_tlsa(value);
		break;
	case TYPE_CAA:
		look_at_caa(value);
		break;
	default:
		break;
	}
}

static void look_at_target(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	const steer_route53_store_t *store = look->store;
	const uint8_t *target = member->set.body;
	uint8_t zone[STEER_NAME_MAX];
	char name[STEER_NAME_TEXT];
	steer_name_print(target, name);
	if (!store->zone(store->ctx, target, zone)) {
		if (!steer_route53_is_service(target)) {
			steer_route53_lose(look, member->id, "an alias of %.255s, which no service of AWS has",
			                   name);
		}
	} else if (!steer_name_equal(zone, look->zone)) {
		steer_route53_lose(look, member->id, "an alias of %.255s, which is in another zone", name);
	} else if (!store->has(store->ctx, zone, target, look->group->type)) {
		steer_route53_lose(look, member->id, "an alias of %.255s, which has no such records", name);
	}
}

void steer_route53_look_at_content(steer_route53_look_t *look,
                                   const steer_route53_member_t *member)
{
	const steer_set_t *set = &member->set;
	value_t value = { .look = look, .id = member->id };
	if (set->alias) {
		look_at_target(look, member);
		return;
	}
	if (set->count > VALUES_MAX) {
		steer_route53_lose(look, member->id, "%u values", set->count);
	}
	const uint8_t *at = set->body, *end = at + set->body_len;
	while ((value.rdata = steer_rr_next(&at, end, &value.len)) != NULL) {
		look_at_value(&value, look->group->type);
	}
}
