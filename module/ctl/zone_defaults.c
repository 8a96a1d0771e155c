/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/zone_defaults.h"

#include <string.h>

#include "ctl/types.h"

#define SOA_TTL     900
#define SERVERS_TTL 172800

void zone_defaults_servers(const view_t *view, servers_t *servers)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(view->reader, STEER_DB_META, STEER_META_SERVERS,
	                           strlen(STEER_META_SERVERS), &value, &len);
	servers->len = 0;
	if (ret == STEER_OK && len <= sizeof(servers->names)) {
		memcpy(servers->names, value, len);
		servers->len = len;
	}
}

static bool lacks(const steer_soa_t *soa, steer_soa_field_t field)
{
	return (soa->given & 1u << field) == 0;
}

/*! Writes "hostmaster" in the zone, or only the zone if that is too long. */
static void put_hostmaster(uint8_t *name, const uint8_t *zone)
{
	static const uint8_t label[] = "\12hostmaster";
	size_t label_len = sizeof(label) - 1, len = steer_name_len(zone);
	if (label_len + len > STEER_NAME_MAX) {
		label_len = 0;
	}
	memcpy(name, label, label_len);
	memcpy(name + label_len, zone, len);
}

void zone_defaults_soa(steer_soa_t *soa, const uint8_t *zone, const uint8_t *server)
{
	static const uint32_t numbers[STEER_SOA_NUMBERS] = {
		[STEER_SOA_SERIAL] = 1, [STEER_SOA_REFRESH] = 7200, [STEER_SOA_RETRY] = 900,
		[STEER_SOA_EXPIRE] = 1209600, [STEER_SOA_MINIMUM] = 86400,
	};
	for (unsigned i = 0; i < STEER_SOA_NUMBERS; i++) {
		soa->numbers[i] = lacks(soa, i) ? numbers[i] : soa->numbers[i];
	}
	if (lacks(soa, STEER_SOA_TTL)) {
		soa->ttl = SOA_TTL;
	}
	if (lacks(soa, STEER_SOA_MNAME)) {
		memcpy(soa->mname, server, steer_name_len(server));
	}
	if (lacks(soa, STEER_SOA_RNAME)) {
		put_hostmaster(soa->rname, zone);
	}
	soa->given = ~0u;
}

int zone_defaults_add_soa(steer_change_t *change, unsigned number, const uint8_t *zone,
                          const steer_soa_t *soa, const steer_source_location_t *location)
{
	uint8_t rdata[2 * STEER_NAME_MAX + STEER_SOA_NUMBERS * sizeof(uint32_t)];
	size_t len = steer_name_len(soa->mname);
	memcpy(rdata, soa->mname, len);
	memcpy(rdata + len, soa->rname, steer_name_len(soa->rname));
	len += steer_name_len(soa->rname);
	for (unsigned i = 0; i < STEER_SOA_NUMBERS; i++) {
		for (int shift = 24; shift >= 0; shift -= 8) {
			rdata[len++] = soa->numbers[i] >> shift;
		}
	}
	const steer_record_t record = {
		.owner = zone, .type = TYPE_SOA, .ttl = soa->ttl, .rdata = rdata, .rdata_len = len,
		.location = *location,
	};
	return steer_change_add(change, number, &record);
}

int zone_defaults_add_servers(steer_change_t *change, unsigned number, const uint8_t *zone,
                              const servers_t *servers)
{
	int ret = STEER_OK;
	for (size_t at = 0; at < servers->len && ret == STEER_OK;) {
		const steer_record_t ns = {
			.owner = zone, .type = TYPE_NS, .ttl = SERVERS_TTL,
			.rdata = servers->names + at,
			.rdata_len = steer_name_len(servers->names + at),
		};
		ret = steer_change_add(change, number, &ns);
		at += ns.rdata_len;
	}
	return ret;
}
