/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <dns/db.h>
#include <dns/message.h>
#include <dns/name.h>
#include <dns/order.h>
#include <dns/rdatalist.h>
#include <dns/rdataset.h>
#include <dns/soa.h>
#include <dns/view.h>
#include <isc/buffer.h>

#include "bind/message.h"
#include "bind/versions.h"
#include "steer/error.h"

/*! Bytes of a message before its question, and of that after the name. */
#define HEADER_SIZE       12
#define QUESTION_END_SIZE 4

static const dns_section_t sections[] = {
	[STEER_ANSWER] = DNS_SECTION_ANSWER,
	[STEER_AUTHORITY] = DNS_SECTION_AUTHORITY,
	[STEER_ADDITIONAL] = DNS_SECTION_ADDITIONAL,
};

/*! Bytes of all rdata of an RRset. */
static size_t rdata_size(const steer_rrset_t *rrset)
{
	size_t size = 0;
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		size += rrset->parts[i].len - (size_t)rrset->parts[i].count * STEER_RR_HEAD;
	}
	return size;
}

/*! Length of the rdata of a wire-ready RR. */
static unsigned rdata_len(const uint8_t *rr)
{
	return rr[STEER_RR_HEAD - 2] << 8 | rr[STEER_RR_HEAD - 1];
}

/*! Whether rdata is an address, all of whose values are right. */
static bool is_address(dns_rdatatype_t type, unsigned len)
{
	return (type == dns_rdatatype_a && len == 4) || (type == dns_rdatatype_aaaa && len == 16);
}

/*! Copies rdata to a buffer; BIND would abort if it rendered any that its type cannot have. */
static bool copy_rdata(dns_rdata_t *rdata, dns_rdatatype_t type, const uint8_t *from, unsigned len,
                       isc_buffer_t *copies)
{
	if (is_address(type, len)) {
		isc_region_t copy = { isc_buffer_used(copies), len };
		memcpy(copy.base, from, len);
		isc_buffer_add(copies, len);
		dns_rdata_fromregion(rdata, dns_rdataclass_in, type, &copy);
		return true;
	}
	isc_buffer_t source;
	isc_buffer_init(&source, (void *)from, len);
	isc_buffer_add(&source, len);
	isc_buffer_setactive(&source, len);
	return bind_read_rdata(rdata, type, &source, copies) == ISC_R_SUCCESS;
}

/*! Adds RRs to a list. */
static bool add_rdata(dns_message_t *message, const steer_rrs_t *part, dns_rdatalist_t *list,
                      isc_buffer_t *copies)
{
	const uint8_t *at = part->rrs;
	for (unsigned i = 0; i < part->count; i++) {
		unsigned len = rdata_len(at);
		dns_rdata_t *rdata = NULL;
		(void)dns_message_gettemprdata(message, &rdata);
		if (!copy_rdata(rdata, list->type, at + STEER_RR_HEAD, len, copies)) {
			return false;
		}
		ISC_LIST_APPEND(list->rdata, rdata, link);
		at += STEER_RR_HEAD + len;
	}
	return true;
}

/*! Makes a list of the RRs of an RRset; NULL: some have rdata that their type cannot have. */
static dns_rdatalist_t *make_list(dns_message_t *message, const steer_rrset_t *rrset)
{
	isc_buffer_t *copies = NULL;
	isc_buffer_allocate(message->mctx, &copies, rdata_size(rrset) + 1); // It must not be empty.
	isc_buffer_t *kept = copies;
	dns_message_takebuffer(message, &copies);
	dns_rdatalist_t *list = NULL;
	(void)dns_message_gettemprdatalist(message, &list);
	list->rdclass = dns_rdataclass_in;
	list->type = rrset->type;
	list->ttl = rrset->ttl;
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		if (!add_rdata(message, &rrset->parts[i], list, kept)) {
			return NULL;
		}
	}
	return list;
}

/*! Length of a name in wire form. */
static unsigned name_len(const uint8_t *name)
{
	const uint8_t *at = name;
	while (*at != 0) {
		at += 1 + *at;
	}
	return at + 1 - name;
}

/*!
 * Makes the owner of an RRset. An end of the name asked for is written as there: BIND compresses
 * names regardless of case only if it is told to.
 */
static dns_name_t *make_owner(const steer_message_t *to, const steer_rrset_t *rrset)
{
	const dns_name_t *qname = to->client->query.qname;
	dns_name_t *name = NULL;
	(void)dns_message_gettempname(to->client->message, &name);
	if (rrset->owner == NULL) {
		dns_name_copy(qname, name);
		return name;
	}
	isc_region_t region = { (void *)rrset->owner, name_len(rrset->owner) };
	unsigned before = qname->length - region.length;
	if (region.length <= qname->length &&
	    memcmp(to->asked + before, rrset->owner, region.length) == 0) {
		region.base = qname->ndata + before;
	}
	dns_name_fromregion(name, &region);
	return name;
}

/*! Has the values of an RRset sent in the order that the view demands. */
static void set_order(const ns_client_t *client, const dns_name_t *name, dns_rdataset_t *rdataset)
{
	dns_order_t *order = client->view->order;
	if (order != NULL) {
		rdataset->attributes |= dns_order_find(order, name, rdataset->type, rdataset->rdclass);
	}
	if ((rdataset->attributes & DNS_RDATASETATTR_CYCLIC) != 0) {
		rdataset->count = client->message->id; // Which value comes first.
	}
}

/*! Adds an RRset to the message. */
static void add(steer_message_t *to, dns_section_t section, dns_name_t *name,
                dns_rdataset_t *rdataset)
{
	ISC_LIST_APPEND(name->list, rdataset, link);
	dns_message_addname(to->client->message, name, section);
	to->put[section]++;
}

/*! Notes what has to be known of the whole answer later. */
static void note(steer_message_t *to, steer_section_t section, const dns_name_t *name,
                 const dns_rdatalist_t *list)
{
	if (section == STEER_ANSWER && list->type == dns_rdatatype_cname) {
		dns_rdata_toregion(ISC_LIST_HEAD(list->rdata), &to->target);
	} else if (section == STEER_AUTHORITY && list->type == dns_rdatatype_soa) {
		to->zone = name;
	} else if (section == STEER_AUTHORITY && list->type == dns_rdatatype_ns) {
		to->referral = true;
	}
}

int steer_message_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	steer_message_t *to = ctx;
	dns_message_t *message = to->client->message;
	if (section == STEER_ADDITIONAL && optional && !to->referral &&
	    (to->client->query.attributes & NS_QUERYATTR_NOADDITIONAL) != 0) {
		return STEER_OK; // minimal-responses
	}
	dns_rdatalist_t *list = make_list(message, rrset);
	if (list == NULL) {
		return STEER_ENOMEM;
	}
	dns_rdataset_t *rdataset = NULL;
	(void)dns_message_gettemprdataset(message, &rdataset);
	(void)dns_rdatalist_tordataset(list, rdataset);
	rdataset->trust = dns_trust_ultimate;
	if (section == STEER_ADDITIONAL && !optional) {
		rdataset->attributes |= DNS_RDATASETATTR_REQUIREDGLUE;
	}
	dns_name_t *name = make_owner(to, rrset);
	if (ISC_LIST_HEAD(list->rdata) != ISC_LIST_TAIL(list->rdata)) {
		set_order(to->client, name, rdataset);
	}
	note(to, section, name, list);
	add(to, sections[section], name, rdataset);
	return STEER_OK;
}

void steer_message_put_soa(steer_message_t *to, dns_db_t *db)
{
	ns_client_t *client = to->client;
	ns_dbversion_t *version = ns_client_findversion(client, db);
	dns_dbnode_t *node = NULL;
	if (version == NULL || dns_db_getoriginnode(db, &node) != ISC_R_SUCCESS) {
		return;
	}
	dns_rdataset_t *soa = NULL;
	(void)dns_message_gettemprdataset(client->message, &soa);
	isc_result_t result = dns_db_findrdataset(db, node, version->version, dns_rdatatype_soa, 0, 0,
	                                          soa, NULL);
	dns_db_detachnode(db, &node);
	if (result != ISC_R_SUCCESS || dns_rdataset_first(soa) != ISC_R_SUCCESS) {
		ns_client_putrdataset(client, &soa);
		return;
	}
	dns_rdata_t rdata = DNS_RDATA_INIT;
	dns_rdataset_current(soa, &rdata);
	uint32_t minimum = dns_soa_getminimum(&rdata);
	soa->ttl = soa->ttl < minimum ? soa->ttl : minimum;
	dns_name_t *name = NULL;
	(void)dns_message_gettempname(client->message, &name);
	dns_name_copy(dns_db_origin(db), name);
	add(to, DNS_SECTION_AUTHORITY, name, soa);
}

void steer_message_clear(steer_message_t *to, dns_section_t from)
{
	dns_message_t *message = to->client->message;
	for (int section = from; section < DNS_SECTION_MAX; section++) {
		for (; to->put[section] > 0; to->put[section]--) {
			dns_name_t *name = ISC_LIST_TAIL(message->sections[section]);
			ISC_LIST_UNLINK(message->sections[section], name, link);
			dns_rdataset_t *rdataset = ISC_LIST_HEAD(name->list);
			ISC_LIST_UNLINK(name->list, rdataset, link);
			ns_client_putrdataset(to->client, &rdataset);
			dns_message_puttempname(message, &name);
		}
	}
	to->zone = NULL;
	to->referral = false;
}

size_t steer_message_room(const ns_client_t *client)
{
	size_t size = UINT16_MAX;
	if ((client->attributes & NS_CLIENTATTR_TCP) == 0) {
		size = client->udpsize < NS_CLIENT_SEND_BUFFER_SIZE ? client->udpsize
		                                                    : NS_CLIENT_SEND_BUFFER_SIZE;
		if ((client->attributes & NS_CLIENTATTR_HAVECOOKIE) == 0 &&
		    client->view->nocookieudp < size) {
			size = client->view->nocookieudp;
		}
	}
	return size - (HEADER_SIZE + client->query.origqname->length + QUESTION_END_SIZE);
}
