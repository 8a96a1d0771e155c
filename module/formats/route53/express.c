/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/express.h"

#include <string.h>

#include "core/client.h"
#include "formats/network_text.h"
#include "formats/route53/health.h"
#include "formats/route53/losses.h"
#include "formats/route53/servers.h"

/*! Longest identifier of a health check. */
#define CHECK_ID_MAX 64

static const uint16_t types[STEER_ROUTE53_TYPES] = {
	TYPE_A, TYPE_AAAA, TYPE_CAA, TYPE_CNAME, TYPE_DS, TYPE_HTTPS, TYPE_MX, TYPE_NAPTR, TYPE_NS,
	TYPE_PTR, TYPE_SOA, TYPE_SPF, TYPE_SRV, TYPE_SSHFP, TYPE_SVCB, TYPE_TLSA, TYPE_TXT,
};

/* Groups. */

static bool has_type(uint16_t type)
{
	for (size_t i = 0; i < STEER_ROUTE53_TYPES; i++) {
		if (types[i] == type) {
			return true;
		}
	}
	return false;
}

static void look_at_check(steer_route53_look_t *look, const steer_route53_member_t *member)
{
	char id[STEER_CHECK_ID_MAX + 1];
	if (!steer_set_health(&member->set, id)) {
		return;
	}
	if (look->group->program_len == 0) {
		steer_route53_lose(look, NULL, "a health check without a policy");
	}
	if (strlen(id) > CHECK_ID_MAX) {
		steer_route53_lose(look, member->id, "a health check whose name has more than %d "
		                   "characters", CHECK_ID_MAX);
	}
}

static void look_at_set(steer_route53_look_t *look, unsigned i)
{
	steer_route53_member_t member;
	steer_route53_member(look->group, i, &member);
	look_at_check(look, &member);
	steer_route53_look_at_content(look, &member);
}

/*! NS and SOA of the apex that name servers of Route 53 come with the zone there. */
static void look_at_servers(steer_route53_look_t *look)
{
	const steer_group_t *group = look->group;
	steer_route53_member_t member;
	steer_route53_member(group, 0, &member);
	const uint8_t *at = member.set.body, *end = at + member.set.body_len, *rdata;
	uint16_t len;
	if ((group->type != TYPE_NS && group->type != TYPE_SOA) || group->program_len > 0 ||
	    member.set.alias || !steer_name_equal(look->name, look->zone)) {
		return;
	}
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		const char *text = steer_rdata_print(look->store->text, group->type, rdata, len);
		if (!steer_route53_is_server(text)) {
			return;
		}
	}
	steer_route53_lose(look, NULL, "servers of Route 53 at the apex");
}

bool steer_route53_can_group(const steer_route53_store_t *store, const uint8_t *zone,
                             const uint8_t *name, const steer_group_t *group,
                             steer_route53_lose_f lose, void *ctx)
{
	steer_route53_look_t look = {
		.store = store, .lose = lose, .ctx = ctx, .zone = zone, .name = name, .group = group,
		.preset = steer_program_preset(group->program, group->program_len),
	};
	if (!has_type(group->type)) {
		steer_route53_lose(&look, NULL, "the type");
		return false;
	}
	if (group->type == TYPE_NS && name[0] == 1 && name[1] == '*') {
		steer_route53_lose(&look, NULL, "NS records of a wildcard");
	}
	look_at_servers(&look);
	if (group->program_len > 0) {
		steer_route53_look_at_policy(&look);
	}
	for (unsigned i = 0; i < group->count; i++) {
		look_at_set(&look, i);
	}
	return !look.lost;
}

/* Health checks. */

/*! Options that have a field; of others the default alone can be expressed. */
static const char *const options[] = {
	"host", "address", "port", "path", "search", "sni", "interval", "rise", "fall", "children",
	"threshold", "inverted", "disabled",
};

static bool has_option(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (strcmp(options[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static void look_at_interval(steer_route53_look_t *look, const char *text, size_t len)
{
	if (len != strlen("10s") || memcmp(text, "10s", len) != 0) { // The default is 30s.
		steer_route53_lose(look, NULL, "the interval %.*s", (int)len, text);
	}
}

static void look_at_address(steer_route53_look_t *look, const char *text, size_t len)
{
	steer_network_t network;
	if (steer_network_parse(text, len, &network) == STEER_OK &&
	    steer_client_private_block(&network) > 0) {
		steer_route53_lose(look, NULL, "the private address %.*s", (int)len, text);
	}
}

static void look_at_options(steer_route53_look_t *look, const steer_health_check_t *check)
{
	const steer_health_option_t *option, *before = NULL;
	const char *text;
	size_t at = 0, len;
	for (; steer_health_check_next(check, &at, &option, &text, &len); before = option) {
		if (strcmp(option->name, "interval") == 0) {
			look_at_interval(look, text, len);
		} else if (strcmp(option->name, "address") == 0) {
			look_at_address(look, text, len);
		} else if (strcmp(option->name, "children") == 0 && len > CHECK_ID_MAX) {
			steer_route53_lose(look, NULL, "a child whose name has more than %d characters",
			                   CHECK_ID_MAX);
		} else if (!has_option(option->name) && option != before) {
			steer_route53_lose(look, NULL, "the option %s", option->name);
		}
	}
}

bool steer_route53_can_check(const char *id, const steer_health_check_t *check,
                             steer_route53_lose_f lose, void *ctx)
{
	steer_route53_look_t look = { .lose = lose, .ctx = ctx };
	if (steer_route53_check_type(check) == NULL) {
		steer_route53_lose(&look, NULL, "the type %s", steer_health_check_type_name(check->type));
		return false;
	}
	if (strlen(id) > CHECK_ID_MAX) {
		steer_route53_lose(&look, NULL, "a name of more than %d characters", CHECK_ID_MAX);
	}
	if (steer_health_check_number(check, "rise") != steer_health_check_number(check, "fall")) {
		steer_route53_lose(&look, NULL, "different numbers for rise and fall");
	}
	look_at_options(&look, check);
	return !look.lost;
}
