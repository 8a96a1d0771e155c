/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dns/name.h>
#include <dns/rdataset.h>

#include "bind/versions.h"
#include "bind/zones.h"

int steer_host_zone_find(dns_view_t *view, const dns_name_t *name, dns_rdatatype_t type,
                         steer_host_zone_t *found)
{
	dns_zone_t *zone = NULL;
	bool above = dns_rdatatype_atparent(type) && !dns_name_equal(name, dns_rootname);
	isc_result_t result = bind_find_zone(view, name, above, &zone);
	if (above && zone == NULL) {
		result = bind_find_zone(view, name, false, &zone); // No parent here: the child answers.
	}
	*found = (steer_host_zone_t) { .zone = zone };
	if (result != ISC_R_SUCCESS && result != DNS_R_PARTIALMATCH) {
		return STEER_NO_ZONE;
	}
	return dns_zone_getorigin(zone)->length;
}

/*! Whether a zone has keys at its apex. */
static bool is_signed(dns_db_t *db)
{
	dns_dbversion_t *version = NULL;
	dns_dbnode_t *apex = NULL;
	if (dns_db_getoriginnode(db, &apex) != ISC_R_SUCCESS) {
		return dns_db_issecure(db);
	}
	dns_rdataset_t keys;
	dns_rdataset_init(&keys);
	dns_db_currentversion(db, &version);
	isc_result_t result = dns_db_findrdataset(db, apex, version, dns_rdatatype_dnskey, 0, 0, &keys,
	                                          NULL);
	if (result == ISC_R_SUCCESS) {
		dns_rdataset_disassociate(&keys);
	}
	dns_db_closeversion(db, &version, false);
	dns_db_detachnode(db, &apex);
	return result == ISC_R_SUCCESS;
}

steer_bar_t steer_host_zone_bar(steer_host_zone_t *found)
{
	if (found->zone == NULL) {
		return STEER_BAR_ABSENT;
	}
	dns_zonetype_t type = dns_zone_gettype(found->zone);
	if ((type != dns_zone_primary && type != dns_zone_secondary) ||
	    (found->db == NULL && dns_zone_getdb(found->zone, &found->db) != ISC_R_SUCCESS)) {
		return STEER_BAR_ABSENT; // What it has, if anything, is not for clients.
	}
	return is_signed(found->db) ? STEER_BAR_SIGNED : STEER_BAR_NONE;
}

void steer_host_zone_release(steer_host_zone_t *found)
{
	if (found->db != NULL) {
		dns_db_detach(&found->db);
	}
	if (found->zone != NULL) {
		dns_zone_detach(&found->zone);
	}
}
