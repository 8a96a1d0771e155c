/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/text.h"

#include <ctype.h>
#include <libknot/codes.h>
#include <libknot/descriptor.h>
#include <libknot/dname.h>
#include <libknot/rrset-dump.h>
#include <libzscanner/scanner.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "formats/scan.h"
#include "formats/svcb.h"

/*! Room for rdata as text: enough for every byte as \DDD, and for the generic form. */
#define VALUE_TEXT (5 * 65536)
/*! Room for that with owner, class and type around it. */
#define LINE_TEXT  (VALUE_TEXT + 64)

struct steer_text {
	zs_scanner_t scanner;
	char line[LINE_TEXT];
	char value[VALUE_TEXT];
	_Alignas(knot_rdata_t) uint8_t rdata[sizeof(knot_rdata_t) + KNOT_RDATA_MAXLEN + 1];
};

bool steer_type_is_data(uint16_t type)
{
	// RFC 6895, section 3.1: 128 to 255 are for questions and messages, and so is OPT.
	return type != 0 && type != TYPE_OPT && (type < 128 || type > 255);
}

int steer_type_parse(const char *text, uint16_t *type)
{
	uint16_t parsed;
	bool generic = strncasecmp(text, "TYPE", 4) == 0;
	if ((generic && !isdigit((unsigned char)text[4])) ||
	    knot_rrtype_from_string(text, &parsed) != 0 || !steer_type_is_data(parsed)) {
		return STEER_EINVAL;
	}
	*type = parsed;
	return STEER_OK;
}

static int scanner_reset(steer_text_t *text)
{
	return zs_init(&text->scanner, ".", KNOT_CLASS_IN, 0) == 0 ? STEER_OK : STEER_ENOMEM;
}

steer_text_t *steer_text_new(void)
{
	steer_text_t *text = malloc(sizeof(*text));
	if (text != NULL && scanner_reset(text) != STEER_OK) {
		zs_deinit(&text->scanner);
		free(text);
		text = NULL;
	}
	return text;
}

void steer_text_free(steer_text_t *text)
{
	if (text != NULL) {
		zs_deinit(&text->scanner);
		free(text);
	}
}

/*! Scans text->line, which must be one record and nothing else. */
static int scan_line(steer_text_t *text, const uint8_t *origin, size_t len)
{
	zs_scanner_t *scanner = &text->scanner;
	scanner->zone_origin_length = knot_dname_size(origin);
	memcpy(scanner->zone_origin, origin, scanner->zone_origin_length);
	if (zs_set_input_string(scanner, text->line, len) != 0 ||
	    zs_parse_record(scanner) != 0 || scanner->state != ZS_STATE_DATA) {
		return STEER_EINVAL;
	}
	bool comment = scanner->buffer_length > 0;
	// The scanner must read the end of the line before it can be given another one.
	if (zs_parse_record(scanner) != 0 || scanner->state != ZS_STATE_EOF) {
		return STEER_EINVAL;
	}
	return comment ? STEER_EREFUSED : STEER_OK;
}

static int scan_fault(steer_text_t *text, const char *value, steer_fault_t *fault)
{
	const zs_scanner_t *scanner = &text->scanner;
	char why[256];
	const char *end = value + strlen(value), *at = end;
	size_t rest = scanner->buffer_length > 0 ? scanner->buffer_length - 1 : 0;
	if (scanner->error.code == ZS_UNCLOSED_MULTILINE) {
		snprintf(why, sizeof(why), "unclosed parenthesis");
	} else {
		at -= rest <= (size_t)(end - value) ? rest : 0;
		steer_scan_error(scanner->error.code, value, at, end, why, sizeof(why));
	}
	return steer_fault(fault, STEER_EINVAL, "%s", why);
}

int steer_rdata_parse(steer_text_t *text, const uint8_t *origin, uint16_t type, const char *value,
                      const uint8_t **rdata, uint16_t *rdata_len, steer_fault_t *fault)
{
	char name[STEER_TYPE_TEXT];
	steer_type_text(type, name);
	if (strpbrk(value, "\n\r") != NULL) {
		return steer_fault(fault, STEER_EINVAL,
		                   "a value is one line; other bytes as \\DDD");
	}
	size_t len = snprintf(text->line, LINE_TEXT, ". 0 IN %s %s\n", name, value);
	if (len >= LINE_TEXT) {
		return steer_fault(fault, STEER_EINVAL, "longer than any record");
	}
	int ret = scan_line(text, origin, len);
	if (ret == STEER_EINVAL) {
		ret = scan_fault(text, value, fault);
		zs_deinit(&text->scanner);
		return scanner_reset(text) == STEER_OK
		       ? ret : steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	if (ret == STEER_EREFUSED) {
		return steer_fault(fault, STEER_EINVAL,
		                   "';' begins a comment; text that has one is put in \"\"");
	}
	zs_scanner_t *scanner = &text->scanner;
	if (!steer_rdata_check(type, scanner->r_data, scanner->r_data_length)) {
		return steer_fault(fault, STEER_EINVAL, "not the form of %s", name);
	}
	steer_rdata_canonical(type, scanner->r_data, scanner->r_data_length);
	*rdata = scanner->r_data;
	*rdata_len = scanner->r_data_length;
	return STEER_OK;
}

/*! Prints the generic form of RFC 3597. */
static void print_generic(char *value, const uint8_t *rdata, uint16_t rdata_len)
{
	static const char digits[] = "0123456789ABCDEF";
	value += sprintf(value, "\\# %u", rdata_len);
	if (rdata_len > 0) {
		*value++ = ' ';
	}
	for (unsigned i = 0; i < rdata_len; i++) {
		*value++ = digits[rdata[i] >> 4];
		*value++ = digits[rdata[i] & 15];
	}
	*value = '\0';
}

static bool print_own(steer_text_t *text, uint16_t type, const uint8_t *rdata, uint16_t rdata_len)
{
	if (type == TYPE_SVCB || type == TYPE_HTTPS) {
		return steer_svcb_print(text->value, VALUE_TEXT, rdata, rdata_len);
	}
	knot_rdata_t *data = (knot_rdata_t *)text->rdata;
	knot_rdata_init(data, rdata_len, rdata);
	knot_rrset_t rrset = {
		.type = type,
		.rclass = KNOT_CLASS_IN,
		.rrs = { .count = 1, .size = knot_rdata_size(rdata_len), .rdata = data },
	};
	int len = knot_rrset_txt_dump_data(&rrset, 0, text->value, VALUE_TEXT,
	                                   &KNOT_DUMP_STYLE_DEFAULT);
	if (len <= 0) {
		return false;
	}
	while (len > 0 && text->value[len - 1] == ' ') {
		text->value[--len] = '\0';
	}
	return true;
}

/*! Types whose text need not be read back as a check: rdata of their form always does. */
static bool is_plain(uint16_t type)
{
	switch (type) {
	case TYPE_A:
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_SOA:
	case TYPE_PTR:
	case TYPE_MX:
	case TYPE_AAAA:
	case TYPE_SRV:
	case TYPE_DNAME:
		return true;
	default:
		return false;
	}
}

static bool reads_back(steer_text_t *text, uint16_t type, const uint8_t *rdata, uint16_t rdata_len)
{
	static const uint8_t root[] = { 0 };
	char name[STEER_TYPE_TEXT];
	steer_type_text(type, name);
	size_t len = snprintf(text->line, LINE_TEXT, ". 0 IN %s %s\n", name, text->value);
	if (scan_line(text, root, len) != STEER_OK) {
		zs_deinit(&text->scanner);
		(void)scanner_reset(text); // Without memory nothing reads back: the generic form.
		return false;
	}
	return text->scanner.r_data_length == rdata_len &&
	       memcmp(text->scanner.r_data, rdata, rdata_len) == 0;
}

const char *steer_rdata_print(steer_text_t *text, uint16_t type, const uint8_t *rdata,
                              uint16_t rdata_len)
{
	if (!steer_rdata_check(type, rdata, rdata_len) ||
	    !print_own(text, type, rdata, rdata_len) ||
	    (!is_plain(type) && !reads_back(text, type, rdata, rdata_len))) {
		print_generic(text->value, rdata, rdata_len);
	}
	return text->value;
}

void steer_records_write(steer_text_t *text, FILE *out, const char *prefix, const char *comment,
                         const uint8_t *owner, uint16_t type, uint32_t ttl, const uint8_t *rrs,
                         size_t rrs_len)
{
	char head[STEER_NAME_TEXT + 64], name[STEER_NAME_TEXT], type_name[STEER_TYPE_TEXT];
	steer_name_print(owner, name);
	steer_type_text(type, type_name);
	snprintf(head, sizeof(head), "%s\t%u\t%s\t", name, ttl, type_name);

	const uint8_t *at = rrs, *rdata;
	uint16_t rdata_len;
	while ((rdata = steer_rr_next(&at, rrs + rrs_len, &rdata_len)) != NULL) {
		fputs(prefix, out);
		fputs(head, out);
		fputs(steer_rdata_print(text, type, rdata, rdata_len), out);
		fputs(comment, out);
		fputc('\n', out);
	}
}
