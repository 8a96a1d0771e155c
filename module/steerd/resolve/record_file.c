/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/record_file.h"

#include <libknot/libknot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/text.h"
#include "formats/zonefile.h"

/*! What is told of records that are not taken. */
#define ANCHORS "allowed: DS and DNSKEY records"
#define HINTS   "allowed: NS records of the root, and A and AAAA records"

typedef struct {
	steer_text_t *text;
	FILE *out;
	bool servers, addresses; /*!< There are some. */
	bool usable;
} reader_t;

static int refuse(const steer_text_record_t *record, steer_fault_t *fault, const char *what)
{
	return steer_fault(fault, STEER_EREFUSED, "%s:%u:%u: %s", record->place.file,
	                   record->place.line, record->place.column, what);
}

static const char *print_rdata(const reader_t *reader, const steer_text_record_t *record)
{
	return steer_rdata_print(reader->text, record->type, record->rdata, record->rdata_len);
}

/* Trust anchors. */

/*! Algorithms by which libunbound validates, whatever it is built with: RSA with SHA-256 and
 *  SHA-512, ECDSA, Ed25519. */
static const uint8_t algorithms[] = { 8, 10, 13, 14, 15 };
/*! Types of digests: SHA-256, SHA-384. */
static const uint8_t digests[] = { 2, 4 };

static bool is_one_of(const uint8_t *known, size_t count, uint8_t number)
{
	return memchr(known, number, count) != NULL;
}

static void write_anchor(const reader_t *reader, const steer_text_record_t *record)
{
	char owner[STEER_NAME_TEXT];
	steer_name_print(record->owner, owner);
	fprintf(reader->out, "    trust-anchor: \"%s %u IN %s %s\"\n", owner, record->ttl,
	        record->type == KNOT_RRTYPE_DS ? "DS" : "DNSKEY", print_rdata(reader, record));
}

/*! Takes a record, whose data the reader has found whole. */
static int take_anchor(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	reader_t *reader = ctx;
	const uint8_t *rdata = record->rdata;
	if (record->type == KNOT_RRTYPE_DS) {
		if (!is_one_of(algorithms, sizeof(algorithms), rdata[2]) ||
		    !is_one_of(digests, sizeof(digests), rdata[3])) {
			return refuse(record, fault, "a DS record that cannot be validated by; allowed: "
			              "algorithms 8, 10, 13, 14 and 15, with digests of type 2 and 4");
		}
	} else if (record->type == KNOT_RRTYPE_DNSKEY) {
		if (!is_one_of(algorithms, sizeof(algorithms), rdata[3])) {
			return refuse(record, fault, "a DNSKEY record that cannot be validated by; allowed: "
			              "algorithms 8, 10, 13, 14 and 15");
		}
	} else {
		return refuse(record, fault, "not a trust anchor; " ANCHORS);
	}
	reader->usable = true;
	write_anchor(reader, record);
	return STEER_OK;
}

/* Root hints. */

static int take_hint(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	reader_t *reader = ctx;
	if (record->type == KNOT_RRTYPE_NS && record->owner[0] == 0) {
		reader->servers = true;
	} else if (record->type == KNOT_RRTYPE_A || record->type == KNOT_RRTYPE_AAAA) {
		reader->addresses = true;
		fprintf(reader->out, "    stub-addr: %s\n", print_rdata(reader, record));
	} else {
		return refuse(record, fault, "not a root hint; " HINTS);
	}
	reader->usable = reader->servers && reader->addresses;
	return STEER_OK;
}

/* Files. */

static int read_records(reader_t *reader, const char *path, steer_record_f take,
                        steer_fault_t *fault)
{
	static const uint8_t root[] = { 0 };
	const steer_zonefile_sink_t sink = { .record = take, .ctx = reader };
	steer_zonefile_t *file;
	int ret = steer_zonefile_open(&file, path, fault);
	if (ret == STEER_OK) {
		ret = steer_zonefile_read(file, root, &sink, fault);
		steer_zonefile_close(file);
	}
	return ret;
}

/*! Reads a file. \param[in] lack  What is told if nothing in it is usable. */
static int read_file(char **text, const char *path, steer_record_f take, const char *lack,
                     steer_fault_t *fault)
{
	char *lines = NULL;
	size_t size;
	reader_t reader = { .text = steer_text_new(), .out = open_memstream(&lines, &size) };
	int ret = reader.text != NULL && reader.out != NULL
	          ? read_records(&reader, path, take, fault)
	          : steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	if (ret == STEER_OK && !reader.usable) {
		ret = steer_fault(fault, STEER_EREFUSED, "%s: %s", path, lack);
	}
	steer_text_free(reader.text);
	if (reader.out != NULL && fclose(reader.out) != 0 && ret == STEER_OK) {
		ret = steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	if (ret != STEER_OK) {
		free(lines);
		return ret;
	}
	*text = lines;
	return STEER_OK;
}

int record_file_read_anchors(char **text, const char *path, steer_fault_t *fault)
{
	return read_file(text, path, take_anchor, "no trust anchors in it; " ANCHORS, fault);
}

int record_file_read_hints(char **text, const char *path, steer_fault_t *fault)
{
	return read_file(text, path, take_hint, "no root servers with addresses in it; " HINTS, fault);
}
