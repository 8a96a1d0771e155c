/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values that are allowed, but hardly what was meant: names that lack their zone, texts that lack
 * quotes.
 */
#include <string.h>
#include <strings.h>

#include "store/change/source_location.h"
#include "store/change/value_warnings.h"

/*! Offset of the target name in rdata of a type; -1: there is none. */
static int target_at(uint16_t type)
{
	switch (type) {
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_PTR:
	case TYPE_DNAME:
		return 0;
	case TYPE_MX:
		return 2;
	case TYPE_SRV:
		return 6;
	default:
		return -1;
	}
}

/*! Whether a name has one label, and is neither localhost nor an ancestor of the owner. */
static bool lacks_zone(const steer_change_record_t *record, const uint8_t *name)
{
	static const uint8_t localhost[] = "\11localhost";
	steer_key_t key;
	uint8_t owner[STEER_NAME_MAX];
	if (steer_name_labels(name) != 1 || steer_name_equal(name, localhost) ||
	    steer_key_from_bytes(&key, record->key, record->key_len) != STEER_OK) {
		return false;
	}
	steer_key_to_name(owner, &key, key.labels);
	return !steer_name_in(owner, name);
}

static void warn_of_target(const steer_change_record_t *record, const uint8_t *name,
                           const steer_apply_t *options)
{
	char target[STEER_NAME_TEXT_MAX], type[STEER_TYPE_TEXT];
	char text[STEER_NAME_TEXT_MAX + STEER_MESSAGE_MAX];
	steer_name_to_text(target, name);
	snprintf(text, sizeof(text), "its %s record leads to %s, a name of one label: is its zone "
	         "missing?", steer_type_text(record->type, type), target);
	steer_record_warn(record, text, options);
}

/*!
 * Whether a text is "v=spf1" and further strings, which is what it becomes without quotes. Strings
 * are joined without spaces (RFC 7208, section 3.3), so this is not an SPF record.
 */
static bool is_torn_spf(const uint8_t *rdata, size_t len)
{
	static const char version[] = "\6v=spf1";
	const size_t head = sizeof(version) - 1;
	return len > head + 1 && rdata[0] == version[0] &&
	       strncasecmp((const char *)rdata + 1, version + 1, head - 1) == 0 &&
	       (rdata[head] == 0 || rdata[head + 1] != ' ');
}

void steer_value_warn(const steer_change_record_t *record, const steer_apply_t *options)
{
	if (options == NULL || options->warn == NULL) {
		return;
	}
	const uint8_t *rdata = record->rr + STEER_RR_HEAD;
	size_t len = record->rr_len - STEER_RR_HEAD;
	int at = target_at(record->type);
	if (at >= 0 && len > (size_t)at && lacks_zone(record, rdata + at)) {
		warn_of_target(record, rdata + at, options);
	} else if (record->type == TYPE_TXT && is_torn_spf(rdata, len)) {
		steer_record_warn(record, "its TXT record is 'v=spf1' and further strings, which are read "
		                  "without blanks between them: is it to be one string in quotes?",
		                  options);
	}
}
