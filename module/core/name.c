/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/name.h"

#define LABEL_MAX 63

/*! Whether one of the bytes of a word is 00 or 01. */
static inline bool needs_escape(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101;
	return ((word - 2 * ones) & ~word & 0x80 * ones) != 0;
}

/*! Copies bytes word by word; false if one needs an escape: what was written is then invalid. */
static inline bool copy_plain(uint8_t *to, const uint8_t *from, unsigned len)
{
	uint64_t word;
	uint32_t half[2];
	if (len >= sizeof(word)) {
		for (unsigned i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
			memcpy(&word, from + i, sizeof(word));
			if (needs_escape(word)) {
				return false;
			}
			memcpy(to + i, &word, sizeof(word));
		}
		memcpy(&word, from + len - sizeof(word), sizeof(word)); // The rest, overlapping.
		memcpy(to + len - sizeof(word), &word, sizeof(word));
		return !needs_escape(word);
	}
	if (len >= sizeof(*half)) { // Two halves, overlapping.
		memcpy(&half[0], from, sizeof(*half));
		memcpy(&half[1], from + len - sizeof(*half), sizeof(*half));
		memcpy(to, &half[0], sizeof(*half));
		memcpy(to + len - sizeof(*half), &half[1], sizeof(*half));
		return !needs_escape((uint64_t)half[0] << 32 | half[1]);
	}
	for (unsigned i = 0; i < len; i++) {
		if (from[i] <= STEER_KEY_ESCAPE) {
			return false;
		}
		to[i] = from[i];
	}
	return true;
}

static uint8_t *copy_escaped(uint8_t *to, const uint8_t *from, unsigned len)
{
	for (const uint8_t *end = from + len; from < end; from++) {
		if (*from <= STEER_KEY_ESCAPE) {
			*to++ = STEER_KEY_ESCAPE;
			*to++ = *from + 1;
		} else {
			*to++ = *from;
		}
	}
	return to;
}

/*! Appends a label's bytes, escaped, and its end. */
static inline uint8_t *label_to_key(uint8_t *to, const uint8_t *label)
{
	if (copy_plain(to, label + 1, label[0])) {
		to += label[0];
	} else {
		to = copy_escaped(to, label + 1, label[0]);
	}
	*to++ = STEER_KEY_END;
	return to;
}

void steer_key_from_name(steer_key_t *key, const uint8_t *name)
{
	const uint8_t *label[STEER_LABELS_MAX];
	unsigned labels = 0;
	for (; *name != 0; name += 1 + *name) {
		label[labels++] = name;
	}

	uint8_t *to = key->bytes;
	*to++ = STEER_VIEW_PUBLIC;
	key->end[0] = 1;
	for (unsigned i = 1; i <= labels; i++) {
		to = label_to_key(to, label[labels - i]);
		key->end[i] = to - key->bytes;
	}
	key->labels = labels;
	key->len = to - key->bytes;
}

/*! Finds the end of a label in a key; NULL if damaged. \param[out] bytes  Unescaped length. */
static const uint8_t *label_end(const uint8_t *at, const uint8_t *end, unsigned *bytes)
{
	unsigned count = 0;
	while (at < end && *at != STEER_KEY_END) {
		if (*at == STEER_KEY_ESCAPE) {
			at++;
			if (at == end || *at < 1 || *at > 2) {
				return NULL;
			}
		}
		at++;
		count++;
	}
	if (at == end || count == 0 || count > LABEL_MAX) {
		return NULL;
	}
	*bytes = count;
	return at + 1;
}

int steer_key_from_bytes(steer_key_t *key, const uint8_t *bytes, size_t len)
{
	if (len < 1 || len > STEER_KEY_MAX || bytes[0] >= STEER_VIEW_MAX || len < 1u + bytes[0]) {
		return STEER_EDAMAGED;
	}

	const uint8_t *at = bytes + 1 + bytes[0], *end = bytes + len;
	unsigned labels = 0, name_len = 1;
	key->end[0] = at - bytes;
	while (at < end) {
		unsigned count;
		at = label_end(at, end, &count);
		if (at == NULL || labels == STEER_LABELS_MAX) {
			return STEER_EDAMAGED;
		}
		name_len += 1 + count;
		key->end[++labels] = at - bytes;
	}
	if (name_len > STEER_NAME_MAX) {
		return STEER_EDAMAGED;
	}
	key->labels = labels;
	key->len = len;
	memcpy(key->bytes, bytes, len);
	return STEER_OK;
}

size_t steer_key_to_name(uint8_t *name, const steer_key_t *key, unsigned labels)
{
	uint8_t *to = name;
	for (unsigned i = labels; i > 0; i--) {
		uint8_t *count = to++;
		const uint8_t *end = key->bytes + key->end[i] - 1;
		for (const uint8_t *from = key->bytes + key->end[i - 1]; from < end; from++) {
			*to++ = *from == STEER_KEY_ESCAPE ? *++from - 1 : *from;
		}
		*count = to - count - 1;
	}
	*to++ = 0;
	return to - name;
}

bool steer_key_is_wildcard(const steer_key_t *key, unsigned labels)
{
	return labels > 0 && key->end[labels] - key->end[labels - 1] == 2 &&
	       key->bytes[key->end[labels - 1]] == '*';
}

int steer_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	size_t len = a_len < b_len ? a_len : b_len;
	int diff = len > 0 ? memcmp(a, b, len) : 0; // They may be NULL if empty.
	return diff != 0 ? diff : (a_len > b_len) - (a_len < b_len);
}

static bool is_plain(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       byte == '-' || byte == '_' || byte == '*' || byte == '/';
}

void steer_name_to_text(char text[STEER_NAME_TEXT_MAX], const uint8_t *name)
{
	if (*name == 0) {
		*text++ = '.';
	}
	while (*name != 0) {
		for (unsigned left = *name++; left > 0; left--, name++) {
			if (is_plain(*name)) {
				*text++ = *name;
			} else {
				*text++ = '\\';
				*text++ = '0' + *name / 100;
				*text++ = '0' + *name / 10 % 10;
				*text++ = '0' + *name % 10;
			}
		}
		*text++ = '.';
	}
	*text = '\0';
}

size_t steer_name_len_in(const uint8_t *bytes, size_t len)
{
	size_t at = 0;
	while (at < len && bytes[at] != 0 && bytes[at] <= 63) {
		at += 1 + bytes[at];
	}
	return at < len && at < STEER_NAME_MAX && bytes[at] == 0 ? at + 1 : 0;
}

bool steer_name_is_whole(const uint8_t *name, size_t len)
{
	return len > 0 && steer_name_len_in(name, len) == len;
}

int steer_names_count(const uint8_t *names, size_t len)
{
	int count = 0;
	while (len > 0) {
		size_t first = steer_name_len_in(names, len);
		if (first == 0) {
			return -1;
		}
		names += first;
		len -= first;
		count++;
	}
	return count;
}

size_t steer_name_len(const uint8_t *name)
{
	const uint8_t *at = name;
	while (*at != 0) {
		at += 1 + *at;
	}
	return at - name + 1;
}

unsigned steer_name_labels(const uint8_t *name)
{
	unsigned labels = 0;
	for (; *name != 0; name += 1 + *name) {
		labels++;
	}
	return labels;
}

bool steer_name_equal(const uint8_t *a, const uint8_t *b)
{
	size_t len = steer_name_len(b);
	return steer_name_len(a) == len && memcmp(a, b, len) == 0;
}

bool steer_name_in(const uint8_t *name, const uint8_t *zone)
{
	unsigned labels = steer_name_labels(name), apex = steer_name_labels(zone);
	return labels >= apex && steer_name_equal(steer_name_skip(name, labels - apex), zone);
}

bool steer_name_substitute(uint8_t *to, const uint8_t *name, unsigned labels,
                           const uint8_t *target)
{
	const uint8_t *owner = steer_name_skip(name, steer_name_labels(name) - labels);
	size_t prefix = owner - name, len = steer_name_len(target);
	if (prefix + len > STEER_NAME_MAX) {
		return false;
	}
	memcpy(to, name, prefix);
	memcpy(to + prefix, target, len);
	return true;
}
