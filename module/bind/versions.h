/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What differs between the versions of BIND: 9.18 (plugin API 1) and 9.20 (2).
 *
 * Threads:  everything but bind_workers() is called by the worker that has the query.
 */
#pragma once

#include <dns/message.h>
#include <dns/rdata.h>
#include <dns/view.h>
#include <dns/zt.h>
#include <ns/client.h>
#include <ns/hooks.h>
#include <ns/server.h>

#if NS_PLUGIN_VERSION == 1
#include <dns/compress.h>
#include <isc/os.h>
#elif NS_PLUGIN_VERSION == 2
#include <dns/ede.h>
#include <isc/tid.h>
#else
#error "BIND's plugin API must be 1 (BIND 9.18) or 2 (BIND 9.20)"
#endif

/*! Number of the worker that has a query, from 0. */
static inline unsigned bind_worker(const ns_client_t *client)
{
#if NS_PLUGIN_VERSION == 1
	return client->tid;
#else
	(void)client;
	return isc_tid();
#endif
}

/*! How many workers there are; in 9.18, which does not tell, how many there are without -n. */
static inline unsigned bind_workers(void)
{
#if NS_PLUGIN_VERSION == 1
	return isc_os_ncpus();
#else
	return isc_tid_count();
#endif
}

/*! The server's own state, where its counters are. */
static inline ns_server_t *bind_server(const ns_client_t *client)
{
#if NS_PLUGIN_VERSION == 1
	return client->sctx;
#else
	return client->manager->sctx;
#endif
}

/*! Adds an extended DNS error to the reply. */
static inline void bind_extended_error(ns_client_t *client, uint16_t code)
{
#if NS_PLUGIN_VERSION == 1
	ns_client_extendederror(client, code, NULL);
#else
	dns_ede_add(&client->edectx, code, NULL);
#endif
}

/*! Whether the query came with a server cookie that BIND answers by BADCOOKIE. */
static inline bool bind_is_bad_cookie(const ns_client_t *client)
{
#if NS_PLUGIN_VERSION == 1
	(void)client;
	return false;
#else
	return (client->attributes & NS_CLIENTATTR_BADCOOKIE) != 0;
#endif
}

/*!
 * Finds BIND's own zone that encloses a name.
 *
 * \param[in]  above  Not the one at the name itself.
 * \param[out] zone   Attached, on ISC_R_SUCCESS and DNS_R_PARTIALMATCH.
 */
static inline isc_result_t bind_find_zone(dns_view_t *view, const dns_name_t *name, bool above,
                                          dns_zone_t **zone)
{
	unsigned options = DNS_ZTFIND_MIRROR | (above ? DNS_ZTFIND_NOEXACT : 0);
#if NS_PLUGIN_VERSION == 1
	return dns_zt_find(view->zonetable, name, options, NULL, zone);
#else
	return dns_view_findzone(view, name, options, zone);
#endif
}

/*! Reads rdata without compressed names; it is verified, and copied to a buffer. */
static inline isc_result_t bind_read_rdata(dns_rdata_t *rdata, dns_rdatatype_t type,
                                           isc_buffer_t *from, isc_buffer_t *to)
{
#if NS_PLUGIN_VERSION == 1
	dns_decompress_t none;
	dns_decompress_init(&none, -1, DNS_DECOMPRESS_NONE);
	return dns_rdata_fromwire(rdata, dns_rdataclass_in, type, from, &none, 0, to);
#elif defined(DNS_DECOMPRESS_INITIALIZER) // Later releases of 9.20.
	return dns_rdata_fromwire(rdata, dns_rdataclass_in, type, from, NULL, to);
#else
	return dns_rdata_fromwire(rdata, dns_rdataclass_in, type, from, DNS_DECOMPRESS_NEVER, to);
#endif
}
