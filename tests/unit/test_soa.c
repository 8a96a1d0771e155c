/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SOA of a negative answer: libknot's bytes, and libknot's state of the packet after it. */
#include <stdlib.h>
#include <string.h>

#include "core/soa_names.h"
#include "knot/soa.h"
#include "unit/test.h"

enum { ROOM = 1400, TTL = 300, NUMBERS_LEN = 20 };

#define LONG "0123456789012345678901234567890123456789012345678901234567890."

static const char *const qnames[] = {
	"example.com.", "www.example.com.", "WWW.eXample.cOM.", "ns1.example.com.", "com.example.com.",
	"a.b.www.example.com.", "example.com.example.com.", "\\003com.example.com.",
	LONG LONG LONG "example.com.",
};

/*! Names of the SOA: of the QNAMEs and of each other they have all, a part or nothing. */
static const char *const names[] = {
	".", "com.", "example.com.", "ns1.example.com.", "www.example.com.", "b.www.example.com.",
	"x.a.b.www.example.com.", "hostmaster.ns1.example.com.", "ns1.example.net.", "net.", "com.com.",
	"a.example.", "ample.com.", "\\003com.", "\\007example\\003com.", "a\\.b.example.com.",
	"wwx.example.com.", LONG LONG LONG "example.com.", LONG LONG LONG LONG, "1." LONG LONG LONG,
};

/*! The rdata, on the heap so that sanitizers see whoever reads more. */
static knot_rdata_t *make_rdata(const uint8_t *bytes, size_t len)
{
	knot_rdata_t *rdata = malloc(knot_rdata_size(len));
	assert_non_null(rdata);
	knot_rdata_init(rdata, len, bytes);
	return rdata;
}

static knot_rdata_t *soa_rdata(const char *mname, const char *rname)
{
	uint8_t bytes[2 * KNOT_DNAME_MAXLEN + NUMBERS_LEN];
	assert_non_null(knot_dname_from_str(bytes, mname, KNOT_DNAME_MAXLEN));
	size_t len = knot_dname_size(bytes);
	assert_non_null(knot_dname_from_str(bytes + len, rname, KNOT_DNAME_MAXLEN));
	len += knot_dname_size(bytes + len);
	for (unsigned i = 0; i < NUMBERS_LEN; i++) {
		bytes[len++] = 0xC0 + i;
	}
	return make_rdata(bytes, len);
}

static knot_rrset_t rrset_of(knot_dname_t *owner, knot_rdata_t *rdata)
{
	knot_rrset_t soa;
	knot_rrset_init(&soa, owner, KNOT_RRTYPE_SOA, KNOT_CLASS_IN, TTL);
	soa.rrs = (knot_rdataset_t) { .count = 1, .size = knot_rdata_size(rdata->len), .rdata = rdata };
	return soa;
}

/*! The SOA of the zone at the last labels of the QNAME. */
static knot_rrset_t soa_of(knot_pkt_t *pkt, unsigned labels, knot_rdata_t *rdata)
{
	knot_dname_t *owner = pkt->lower_qname;
	for (unsigned above = knot_dname_labels(owner, NULL) - labels; above > 0; above--) {
		owner += *owner + 1;
	}
	return rrset_of(owner, rdata);
}

/*! How the names of an SOA of a zone at the end of the QNAME are written. */
static steer_soa_names_t names_of(const knot_pkt_t *pkt, const knot_rrset_t *soa)
{
	steer_soa_names_t found;
	steer_soa_names(pkt->lower_qname, pkt->qname_size, knot_dname_size(soa->owner),
	                soa->rrs.rdata->data, soa->rrs.rdata->len, &found);
	return found;
}

/*! As the engine and the module do together. */
static bool put(knot_pkt_t *pkt, const knot_rrset_t *soa, uint16_t flags)
{
	const steer_soa_names_t found = names_of(pkt, soa);
	return found.mname_len > 0 && steer_soa_put(pkt, &found, soa, flags);
}

/*! A reply that so far has the question, in its authority section. */
static knot_pkt_t *reply_to(const char *qname, size_t max_size, uint16_t reserved)
{
	knot_dname_storage_t name;
	knot_pkt_t *query = knot_pkt_new(NULL, ROOM, NULL), *reply = knot_pkt_new(NULL, ROOM, NULL);
	assert_non_null(knot_dname_from_str(name, qname, sizeof(name)));
	assert_int_equal(knot_pkt_put_question(query, name, KNOT_CLASS_IN, KNOT_RRTYPE_A), KNOT_EOK);
	assert_int_equal(knot_pkt_init_response(reply, query), KNOT_EOK);
	knot_pkt_free(query);
	reply->max_size = max_size;
	reply->reserved = reserved;
	assert_int_equal(knot_pkt_begin(reply, KNOT_AUTHORITY), KNOT_EOK);
	return reply;
}

static void assert_same_rrset(const knot_pkt_t *one, const knot_pkt_t *other, unsigned i)
{
	assert_memory_equal(&one->rr_info[i], &other->rr_info[i], sizeof(*one->rr_info));
	assert_true(knot_dname_is_equal(one->rr[i].owner, other->rr[i].owner));
	assert_int_equal(one->rr[i].type, other->rr[i].type);
	assert_int_equal(one->rr[i].rclass, other->rr[i].rclass);
	assert_int_equal(one->rr[i].ttl, other->rr[i].ttl);
	assert_ptr_equal(one->rr[i].additional, other->rr[i].additional);
	assert_int_equal(one->rr[i].rrs.count, other->rr[i].rrs.count);
	assert_int_equal(one->rr[i].rrs.size, other->rr[i].rrs.size);
	assert_ptr_equal(one->rr[i].rrs.rdata, other->rr[i].rrs.rdata);
}

static void assert_same(const knot_pkt_t *one, const knot_pkt_t *other)
{
	assert_int_equal(one->size, other->size);
	assert_memory_equal(one->wire, other->wire, one->size);
	assert_int_equal(one->current, other->current);
	assert_int_equal(one->flags, other->flags);
	assert_int_equal(one->rrset_count, other->rrset_count);
	for (unsigned i = 0; i < KNOT_PKT_SECTIONS; i++) {
		assert_int_equal(one->sections[i].pos, other->sections[i].pos);
		assert_int_equal(one->sections[i].count, other->sections[i].count);
	}
	for (unsigned i = 0; i < one->rrset_count; i++) {
		assert_same_rrset(one, other, i);
	}
	assert_int_equal(one->compr.suffix.pos, other->compr.suffix.pos);
	assert_int_equal(one->compr.suffix.labels, other->compr.suffix.labels);
	assert_ptr_equal(one->compr.rrinfo - one->rr_info, other->compr.rrinfo - other->rr_info);
}

/*! Puts the SOA of the zone at the QNAME's last labels, ours and libknot's, and then an RRset. */
static void compare(const char *qname, unsigned labels, knot_rdata_t *rdata, knot_rrset_t *more)
{
	knot_pkt_t *ours = reply_to(qname, ROOM, 0), *theirs = reply_to(qname, ROOM, 0);
	knot_rrset_t soa = soa_of(ours, labels, rdata);
	assert_true(put(ours, &soa, KNOT_PF_NOTRUNC));
	soa = soa_of(theirs, labels, rdata);
	assert_int_equal(knot_pkt_put(theirs, KNOT_COMPR_HINT_NONE, &soa, KNOT_PF_NOTRUNC), KNOT_EOK);
	assert_same(ours, theirs);
	assert_int_equal(knot_pkt_put(ours, KNOT_COMPR_HINT_NONE, more, 0), KNOT_EOK);
	assert_int_equal(knot_pkt_put(theirs, KNOT_COMPR_HINT_NONE, more, 0), KNOT_EOK);
	assert_same(ours, theirs);
	knot_pkt_free(ours);
	knot_pkt_free(theirs);
}

static void names_are_compressed_as_by_libknot(void **state)
{
	(void)state;
	knot_rdata_t *more_rdata = soa_rdata("hostmaster.ns1.example.com.", "x.net.");
	knot_rrset_t more = rrset_of((knot_dname_t *)"\3ns1\7example\3com", more_rdata);
	for (size_t q = 0; q < COUNT(qnames); q++) {
		for (size_t m = 0; m < COUNT(names); m++) {
			for (size_t r = 0; r < COUNT(names); r++) {
				knot_rdata_t *rdata = soa_rdata(names[m], names[r]);
				compare(qnames[q], 2, rdata, &more);
				compare(qnames[q], 1, rdata, &more);
				free(rdata);
			}
		}
	}
	free(more_rdata);
}

/*! At every size of the message: it fits, or there is libknot's failure. */
static void it_fits_where_it_fits_libknot(void **state)
{
	(void)state;
	knot_rdata_t *rdata = soa_rdata("ns1.example.com.", "hostmaster.example.com.");
	for (unsigned i = 0; i < 4; i++) {
		uint16_t flags = i & 1 ? KNOT_PF_NOTRUNC : KNOT_PF_NULL, reserved = i & 2 ? 60 : 0;
		unsigned fits = 0, ours_fits = 0;
		for (size_t size = 33 + reserved; size < 200; size++) {
			knot_pkt_t *ours = reply_to("www.example.com.", size, reserved);
			knot_pkt_t *theirs = reply_to("www.example.com.", size, reserved);
			knot_rrset_t soa = soa_of(ours, 2, rdata);
			bool ours_put = put(ours, &soa, flags);
			int ret = knot_pkt_put(theirs, KNOT_COMPR_HINT_NONE, &soa, flags);
			if (!ours_put) {
				assert_int_equal(knot_pkt_put(ours, KNOT_COMPR_HINT_NONE, &soa, flags), ret);
			}
			assert_true(ret == KNOT_EOK || !ours_put);
			assert_same(ours, theirs);
			fits += ret == KNOT_EOK;
			ours_fits += ours_put;
			knot_pkt_free(ours);
			knot_pkt_free(theirs);
		}
		assert_in_range(fits, ours_fits + 1, 170); // Ours asks for room as if nothing is compressed.
		assert_true(ours_fits > 0);
	}
	free(rdata);
}

/*! The packet is left as it was. */
static void assert_left(knot_pkt_t *pkt, const knot_rrset_t *soa)
{
	const knot_pkt_t before = *pkt;
	uint8_t wire[ROOM];
	memcpy(wire, pkt->wire, pkt->size);
	assert_false(put(pkt, soa, KNOT_PF_NULL));
	assert_memory_equal(pkt, &before, sizeof(before));
	assert_memory_equal(pkt->wire, wire, pkt->size);
	knot_pkt_free(pkt);
}

static void the_unusual_is_left_to_libknot(void **state)
{
	(void)state;
	static const struct {
		const char *qname;
		unsigned labels;
	} roots[] = {
		{ ".", 0 }, { "com.", 0 }, { "www.example.com.", 0 },
	};
	knot_rdata_t *rdata = soa_rdata("ns1.example.com.", "hostmaster.example.com.");
	for (size_t i = 0; i < COUNT(roots); i++) {
		knot_pkt_t *pkt = reply_to(roots[i].qname, ROOM, 0);
		knot_rrset_t soa = soa_of(pkt, roots[i].labels, rdata);
		assert_left(pkt, &soa);
	}
	knot_pkt_t *pkt = reply_to("www.example.com.", ROOM, 0);
	knot_rrset_t soa = soa_of(pkt, 2, rdata);
	assert_int_equal(knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &soa, 0), KNOT_EOK);
	assert_left(pkt, &soa); // Not the first RRset.
	pkt = reply_to("www.example.com.", ROOM, 0);
	soa = soa_of(pkt, 2, rdata);
	knot_wire_add_ancount(pkt->wire, 1); // Nor is it the first of what libknot does not know of.
	memset(pkt->wire + pkt->size, 0, 16);
	pkt->size += 16;
	assert_left(pkt, &soa);
	pkt = reply_to("www.example.com.", 70, 0);
	soa = soa_of(pkt, 2, rdata);
	assert_int_equal(knot_pkt_put(pkt, KNOT_COMPR_HINT_NONE, &soa, 0), KNOT_ESPACE);
	pkt->max_size = ROOM;
	assert_left(pkt, &soa); // After a name that is past the end.
	pkt = reply_to("www.example.com.", ROOM, 0);
	soa = soa_of(pkt, 2, rdata);
	assert_int_equal(knot_pkt_begin(pkt, KNOT_ADDITIONAL), KNOT_EOK);
	assert_left(pkt, &soa);
	pkt = reply_to("www.example.com.", ROOM, 0);
	soa = soa_of(pkt, 2, rdata);
	soa.rrs.count = 2;
	assert_left(pkt, &soa);
	free(rdata);
}

static void malformed_rdata_is_left_to_libknot(void **state)
{
	(void)state;
	uint8_t too_long[2 * KNOT_DNAME_MAXLEN + NUMBERS_LEN] = { 0 };
	for (size_t i = 0; i < 252; i += 2) {
		too_long[i] = 1;
	}
	too_long[252] = 2;
	const struct {
		const uint8_t *bytes;
		size_t len;
	} rows[] = {
		{ (const uint8_t *)"", 0 },
		{ (const uint8_t *)"\0", 1 },
		{ (const uint8_t *)"\1a\0\1b", 5 },
		{ (const uint8_t *)"\1a\0\1b\0" "1234567890123456789", 25 },
		{ (const uint8_t *)"\1a\0\1b\0" "123456789012345678901", 27 },
		{ (const uint8_t *)"\1a\0\300\14" "12345678901234567890", 25 },
		{ (const uint8_t *)"\1a\0\100" "12345678901234567890", 24 },
		{ (const uint8_t *)"\77a\0\0" "12345678901234567890", 24 },
		{ (const uint8_t *)"\1a\0\100" LONG "12\0" "12345678901234567890", 89 },
		{ too_long, 256 + 1 + NUMBERS_LEN },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		knot_rdata_t *rdata = make_rdata(rows[i].bytes, rows[i].len);
		knot_pkt_t *pkt = reply_to("www.example.com.", ROOM, 0);
		knot_rrset_t soa = soa_of(pkt, 2, rdata);
		assert_left(pkt, &soa);
		free(rdata);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_compressed_as_by_libknot),
		cmocka_unit_test(it_fits_where_it_fits_libknot),
		cmocka_unit_test(the_unusual_is_left_to_libknot),
		cmocka_unit_test(malformed_rdata_is_left_to_libknot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
