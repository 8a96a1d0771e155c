/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/text.h"
#include "steerd/resolve/response.h"
#include "unit/responses.h"
#include "unit/seeds.h"
#include "unit/test.h"

#define MESSAGE_MAX 65535
#define HEADER      12

/* Messages, from text. */

typedef struct {
	steer_text_t *text;
	uint8_t wire[MESSAGE_MAX];
	size_t size;
} message_t;

static void put_u16(message_t *message, uint16_t value)
{
	message->wire[message->size++] = value >> 8;
	message->wire[message->size++] = value & 0xff;
}

static void put_name(message_t *message, const char *text)
{
	assert_int_equal(steer_name_parse(text, message->wire + message->size), STEER_OK);
	message->size += knot_dname_size(message->wire + message->size);
}

static uint16_t type_of(const char *text)
{
	uint16_t type;
	assert_int_equal(steer_type_parse(text, &type), STEER_OK);
	return type;
}

/*! Adds "OWNER TTL TYPE VALUE", of class IN unless TYPE is "CH/TYPE"; a value of "-" is empty. */
static void put_record(message_t *message, char *record)
{
	char *rest;
	const char *owner = strtok_r(record, " ", &rest), *ttl = strtok_r(NULL, " ", &rest);
	const char *type = strtok_r(NULL, " ", &rest);
	bool chaos = strncmp(type, "CH/", 3) == 0;
	const uint8_t *rdata = NULL;
	uint16_t len = 0;
	steer_fault_t fault;
	put_name(message, owner);
	put_u16(message, type_of(chaos ? type + 3 : type));
	put_u16(message, chaos ? 3 : KNOT_CLASS_IN);
	put_u16(message, atol(ttl) >> 16);
	put_u16(message, atol(ttl) & 0xffff);
	if (strcmp(rest, "-") != 0) {
		assert_int_equal(steer_rdata_parse(message->text, (const uint8_t *)"",
		                                   type_of(chaos ? type + 3 : type), rest, &rdata, &len,
		                                   &fault), STEER_OK);
	}
	put_u16(message, len);
	memcpy(message->wire + message->size, len > 0 ? rdata : message->wire, len);
	message->size += len;
}

/*! Adds records with '|' between them. \return how many */
static unsigned put_records(message_t *message, const char *records)
{
	char *copy = strdup(records), *rest;
	unsigned count = 0;
	assert_non_null(copy);
	for (char *record = strtok_r(copy, "|", &rest); record != NULL;
	     record = strtok_r(NULL, "|", &rest)) {
		put_record(message, record + strspn(record, " "));
		count++;
	}
	free(copy);
	return count;
}

static void write_message(message_t *message, const char *flags, const char *name,
                          const char *type, const char *answer, const char *authority)
{
	memset(message->wire, 0, HEADER);
	memcpy(message->wire + 2, flags, 2);
	message->size = HEADER;
	if (name != NULL) {
		message->wire[5] = 1;
		put_name(message, name);
		put_u16(message, type_of(type));
		put_u16(message, KNOT_CLASS_IN);
	}
	knot_wire_set_ancount(message->wire, put_records(message, answer));
	knot_wire_set_nscount(message->wire, put_records(message, authority));
}

/* Responses, as text. */

/*! Prints a response, and checks what the text does not tell. */
static char *print_response(const message_t *message, const response_t *response)
{
	const knot_rrset_t *rrset = response->rrset;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	response_write(response, message->text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(response->kind == RESPONSE_FAILURE, response->fault != NULL);
	assert_int_equal(response->kind == RESPONSE_RECORDS, rrset != NULL);
	if (rrset != NULL) {
		size = 0;
		for (uint16_t i = 0; i < rrset->rrs.count; i++) {
			size += knot_rdata_size(knot_rdataset_at(&rrset->rrs, i)->len);
		}
		assert_int_equal(rrset->rrs.size, size);
		assert_int_equal(rrset->ttl, response->ttl);
		assert_int_equal(rrset->rclass, KNOT_CLASS_IN);
	}
	return text;
}

static int make_message(void **state)
{
	message_t *message = calloc(1, sizeof(*message));
	message->text = steer_text_new();
	*state = message;
	return message->text != NULL ? 0 : -1;
}

static int free_message(void **state)
{
	message_t *message = *state;
	steer_text_free(message->text);
	free(message);
	return 0;
}

#define OK       "\x81\x80"
#define TC       "\x83\x80"
#define SERVFAIL "\x81\x82"
#define NXDOMAIN "\x81\x83"
#define REFUSED  "\x81\x85"
#define SOA      " SOA ns.example. mail.example. 1 2 3 4 600"
#define LABEL    "12345678901234567890123456789012345678901234567890123456789012"
#define LONG     LABEL "." LABEL "." LABEL "." LABEL

static void reads_messages(void **state)
{
	static const struct {
		const char *flags, *type, *answer, *authority, *want, *seed; /*!< NULL: it is none. */
	} cases[] = {
		/* Records. */
		{ OK, "A", "www.example. 300 A 192.0.2.2|www.example. 200 A 192.0.2.1|"
		  "WWW.Example. 400 A 192.0.2.2", "", "RECORDS 200 www.example. 192.0.2.1, 192.0.2.2", "a" },
		{ OK, "A", "www.example. 4294967295 A 192.0.2.1", "",
		  "RECORDS 4294967295 www.example. 192.0.2.1", NULL },
		{ OK, "MX", "www.example. 0 MX 20 B.example.|www.example. 9 MX 10 A.example.", "",
		  "RECORDS 0 www.example. 10 a.example., 20 b.example.", "mx" },
		{ OK, "TXT", "www.example. 7 TXT \"Text\" \"of two\"", "",
		  "RECORDS 7 www.example. \"Text\" \"of two\"", NULL },
		{ OK, "HTTPS", "www.example. 7 HTTPS 1 . alpn=h2", "",
		  "RECORDS 7 www.example. 1 . alpn=h2", "https" },
		{ OK, "TYPE65280", "www.example. 7 TYPE65280 \\# 2 abcd", "",
		  "RECORDS 7 www.example. \\# 2 ABCD", NULL },
		{ OK, "TYPE65280", "www.example. 7 TYPE65280 -|www.example. 7 TYPE65280 \\# 2 abcd", "",
		  "RECORDS 7 www.example. \\# 0, \\# 2 ABCD", NULL },
		{ OK, "A", "www.example. 7 A 192.0.2.1|www.example. 5 RRSIG A 8 2 7 20300101000000 "
		  "20200101000000 1 example. AAAA|www.example. 1 CH/A 192.0.2.2", "example. 3" SOA,
		  "RECORDS 7 www.example. 192.0.2.1", NULL },
		/* Chains, in any order. */
		{ OK, "A", "b.example. 60 A 192.0.2.1|a.example. 50 CNAME B.example.|"
		  "www.example. 70 CNAME a.example.", "", "RECORDS 50 b.example. 192.0.2.1", "chain" },
		{ OK, "CNAME", "www.example. 70 CNAME A.example.|a.example. 50 CNAME b.example.", "",
		  "RECORDS 70 www.example. a.example.", NULL },
		{ OK, "A", "example. 40 DNAME a.net.|www.example. 0 CNAME www.a.net.|"
		  "www.a.net. 60 A 192.0.2.1", "", "RECORDS 40 www.a.net. 192.0.2.1", "dname" },
		{ OK, "A", "example. 40 DNAME a.net.|www.a.net. 60 A 192.0.2.1", "",
		  "RECORDS 40 www.a.net. 192.0.2.1", NULL },
		{ OK, "A", "www.example. 40 DNAME a.net.", "example. 30" SOA, "NODATA 30", NULL },
		{ OK, "A", "example. 40 DNAME " LONG ".|www.example. 30 A 192.0.2.1", "",
		  "RECORDS 30 www.example. 192.0.2.1", NULL },
		{ OK, "A", "example. 40 DNAME " LONG ".", "", "FAILURE a DNAME record that makes too long "
		  "a name", "long" },
		{ OK, "A", "www.example. 9 CNAME a.example.|a.example. 9 CNAME www.example.", "",
		  "FAILURE a chain of CNAME records without an end", "loop" },
		{ OK, "A", "www.example. 9 CNAME www.example.", "",
		  "FAILURE a chain of CNAME records without an end", NULL },
		/* Records that the chain does not lead to. */
		{ OK, "A", "other.example. 300 A 192.0.2.2", "",
		  "FAILURE a response with records of other names alone", NULL },
		{ OK, "A", "www.example. 9 CNAME a.example.|b.example. 300 A 192.0.2.2", "",
		  "FAILURE a response with records of other names alone", NULL },
		{ OK, "A", "www.example. 9 A 192.0.2.1|b.example. 3 A 192.0.2.2", "",
		  "RECORDS 9 www.example. 192.0.2.1", NULL },
		/* No records. */
		{ OK, "A", "", "example. 300" SOA, "NODATA 300", NULL },
		{ OK, "A", "", "example. 900" SOA, "NODATA 600", NULL },
		{ OK, "A", "", "", "NODATA 0", NULL },
		{ OK, "A", "", "other. 300" SOA, "NODATA 0", NULL },
		{ OK, "A", "www.example. 20 CNAME a.net.", "net. 300" SOA, "NODATA 20", NULL },
		{ OK, "A", "www.example. 20 CNAME a.net.", "example. 300" SOA, "NODATA 0", NULL },
		{ OK, "A", "www.example. 20 AAAA 2001:db8::1", "example. 300" SOA, "NODATA 300", NULL },
		{ NXDOMAIN, "A", "", "example. 300" SOA, "NXDOMAIN 300", NULL },
		{ NXDOMAIN, "A", "www.example. 20 CNAME a.net.", "net. 300" SOA, "NXDOMAIN 20", "nxdomain" },
		/* Failures. */
		{ SERVFAIL, "A", "", "", "FAILURE SERVFAIL, or no answer from the resolver", NULL },
		{ REFUSED, "A", "", "", "FAILURE RCODE 5", NULL },
		{ TC, "A", "www.example. 9 A 192.0.2.1", "", "FAILURE a response that is too large", NULL },
		{ OK, "A", "www.example. 9 A -", "", "FAILURE a response that cannot be read", NULL },
		{ OK, "TXT", "www.example. 9 TXT -", "", "FAILURE a response that cannot be read", NULL },
	};
	message_t *message = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		response_reader_t reader;
		write_message(message, cases[i].flags, "www.example.", cases[i].type, cases[i].answer,
		              cases[i].authority);
		// The exact size, so that a sanitizer sees the first byte read past it.
		uint8_t *wire = malloc(message->size);
		assert_non_null(wire);
		memcpy(wire, message->wire, message->size);
		if (cases[i].seed != NULL) {
			seeds_write("response", cases[i].seed, 0, 0, wire, message->size);
		}
		response_read(&reader, wire, message->size);
		char *text = print_response(message, &reader.response);
		assert_string_equal(text, cases[i].want);
		free(text);
		response_close(&reader);
		free(wire);
	}
}

static void refuses_what_is_no_response(void **state)
{
	message_t *message = *state;
	static const char want[] = "a response that cannot be read";
	response_reader_t reader;
	write_message(message, OK, NULL, "A", "", "");
	response_read(&reader, message->wire, message->size);
	assert_string_equal(reader.response.fault, want);
	response_close(&reader);
	write_message(message, OK, "www.example.", "A", "www.example. 9 A 192.0.2.1", "");
	for (size_t size = 0; size < message->size; size++) {
		response_read(&reader, message->wire, size);
		assert_int_equal(reader.response.kind, RESPONSE_FAILURE);
		assert_false(reader.response.impossible);
		assert_string_equal(reader.response.fault, want);
		response_close(&reader);
	}
}

static void reads_as_many_records_as_there_is_room_for(void **state)
{
	message_t *message = *state;
	const unsigned count = 4090;
	response_reader_t reader;
	write_message(message, OK, "www.example.", "A", "", "");
	for (unsigned i = 0; i < count; i++) {
		const uint8_t record[] = { 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0,
		                           (count - i) >> 8, (count - i) & 0xff };
		memcpy(message->wire + message->size, record, sizeof(record));
		message->size += sizeof(record);
	}
	knot_wire_set_ancount(message->wire, count);
	response_read(&reader, message->wire, message->size);
	assert_int_equal(reader.response.kind, RESPONSE_RECORDS);
	assert_int_equal(reader.response.received_count, count);
	assert_int_equal(reader.rrset.rrs.count, count);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(knot_wire_read_u16(reader.response.received[i]->data + 2), count - i);
		assert_int_equal(
			knot_wire_read_u16(knot_rdataset_at(&reader.rrset.rrs, i)->data + 2), i + 1);
	}
	response_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_messages, make_message, free_message),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_response, make_message, free_message),
		cmocka_unit_test_setup_teardown(reads_as_many_records_as_there_is_room_for, make_message,
		                                free_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
