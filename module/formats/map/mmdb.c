/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/mmdb.h"

#include <string.h>

/*! What the metadata begin with; they are in the last bytes of a file. */
#define MARK     "\xab\xcd\xefMaxMind.com"
#define MARK_LEN (sizeof(MARK) - 1)
#define METADATA_MAX (128 << 10)
/*! Values that may be looked at for each byte of a file; GeoLite2 City needs 2.8, Country 0.1. */
#define WORK_PER_BYTE 16
#define WORK_MIN      (1 << 20)

static uint64_t load(const uint8_t *bytes, unsigned count)
{
	uint64_t number = 0;
	while (count-- > 0) {
		number = number << 8 | *bytes++;
	}
	return number;
}

/*! Finds the last mark in a file. \return NULL: there is none. */
static const uint8_t *find_mark(const uint8_t *file, size_t size)
{
	const uint8_t *end = file + size;
	const uint8_t *at = size > METADATA_MAX ? end - METADATA_MAX : file, *found = NULL;
	while ((at = memmem(at, end - at, MARK, MARK_LEN)) != NULL) {
		found = at;
		at += MARK_LEN;
	}
	return found;
}

bool steer_mmdb_is(const void *file, size_t size)
{
	return find_mark(file, size) != NULL;
}

/* Values. */

/*! Reads bytes at *at, which moves past them. */
static bool take(const steer_mmdb_section_t *section, size_t *at, unsigned count, uint64_t *number)
{
	if (*at > section->size || section->size - *at < count) {
		return false;
	}
	*number = load(section->bytes + *at, count);
	*at += count;
	return true;
}

/*! Reads a pointer, whose head has two bits for its length and the first three bits of it. */
static bool take_pointer(const steer_mmdb_section_t *section, unsigned bits, size_t *at,
                         uint32_t *pointer)
{
	static const uint32_t base[] = { 0, 2048, 526336, 0 };
	unsigned length = bits >> 3 & 3;
	uint64_t rest;
	if (!take(section, at, length + 1, &rest)) {
		return false;
	}
	*pointer = base[length] + rest + (length < 3 ? (uint64_t)(bits & 7) << 8 * (length + 1) : 0);
	return true;
}

/*! Reads the head of a value; size is the target of a pointer. */
static bool take_head(steer_mmdb_section_t *section, size_t offset, steer_mmdb_value_t *value)
{
	static const uint32_t base[] = { 29, 285, 65821 };
	uint64_t head, more;
	if (section->work == 0 || !take(section, &offset, 1, &head)) {
		return false;
	}
	section->work--;
	value->type = head >> 5;
	value->size = head & 31;
	if (value->type == STEER_MMDB_POINTER) {
		bool good = take_pointer(section, head, &offset, &value->size);
		value->at = offset;
		return good;
	}
	if (value->type == 0) {
		if (!take(section, &offset, 1, &more)) {
			return false;
		}
		value->type = more + 7;
	}
	if (value->size >= 29) {
		unsigned bytes = value->size - 28;
		if (!take(section, &offset, bytes, &more)) {
			return false;
		}
		value->size = base[bytes - 1] + more;
	}
	value->at = offset;
	return true;
}

static bool is_container(const steer_mmdb_value_t *value)
{
	return value->type == STEER_MMDB_MAP || value->type == STEER_MMDB_ARRAY;
}

/*! Bytes that follow a value's head. */
static uint32_t body(const steer_mmdb_value_t *value)
{
	bool none = is_container(value) || value->type == STEER_MMDB_POINTER ||
	            value->type == STEER_MMDB_BOOL;
	return none ? 0 : value->size;
}

/*! Reads a value, or what a pointer leads to. \param[out] next  Behind the value or pointer. */
static bool take_value(steer_mmdb_section_t *section, size_t offset, steer_mmdb_value_t *value,
                       size_t *next)
{
	if (!take_head(section, offset, value)) {
		return false;
	}
	*next = value->at + body(value);
	if (value->type == STEER_MMDB_POINTER &&
	    (!take_head(section, value->size, value) || value->type == STEER_MMDB_POINTER)) {
		return false;
	}
	return value->at <= section->size && section->size - value->at >= body(value);
}

/*! Goes past values with all that is in them. */
static bool skip(steer_mmdb_section_t *section, size_t *offset, uint64_t count)
{
	steer_mmdb_value_t value;
	for (; count > 0; count--) {
		if (!take_head(section, *offset, &value)) {
			return false;
		}
		count += is_container(&value) ? (uint64_t)value.size << (value.type == STEER_MMDB_MAP) : 0;
		*offset = value.at + body(&value);
	}
	return true;
}

/*! Notes the offset of a map's value if its key is wanted. */
static void match(const steer_mmdb_section_t *section, const steer_mmdb_value_t *key, size_t offset,
                  const char *const *keys, unsigned count, size_t *offsets)
{
	for (unsigned i = 0; i < count; i++) {
		if (strlen(keys[i]) == key->size &&
		    memcmp(section->bytes + key->at, keys[i], key->size) == 0) {
			offsets[i] = offset;
		}
	}
}

/*! Finds the values of keys of a map. */
static steer_mmdb_result_t find_keys(steer_mmdb_section_t *section, const steer_mmdb_value_t *map,
                                     const char *const *keys, unsigned count, size_t *offsets)
{
	size_t at = map->at;
	for (uint32_t i = 0; i < map->size; i++) {
		steer_mmdb_value_t key;
		if (!take_value(section, at, &key, &at) || key.type != STEER_MMDB_TEXT) {
			return STEER_MMDB_DAMAGED;
		}
		match(section, &key, at, keys, count, offsets);
		if (!skip(section, &at, 1)) {
			return STEER_MMDB_DAMAGED;
		}
	}
	return STEER_MMDB_FOUND;
}

steer_mmdb_result_t steer_mmdb_members(steer_mmdb_section_t *section, size_t offset,
                                       const char *const *keys, unsigned count, size_t *offsets)
{
	steer_mmdb_value_t map;
	size_t next;
	for (unsigned i = 0; i < count; i++) {
		offsets[i] = STEER_MMDB_NOWHERE;
	}
	if (!take_value(section, offset, &map, &next)) {
		return STEER_MMDB_DAMAGED;
	}
	return map.type == STEER_MMDB_MAP ? find_keys(section, &map, keys, count, offsets)
	                                  : STEER_MMDB_FOUND;
}

steer_mmdb_result_t steer_mmdb_find(steer_mmdb_section_t *section, size_t offset,
                                    const char *const *path, steer_mmdb_value_t *value)
{
	for (;;) {
		size_t next;
		if (!take_value(section, offset, value, &next)) {
			return STEER_MMDB_DAMAGED;
		}
		if (*path == NULL) {
			return STEER_MMDB_FOUND;
		}
		if (value->type == STEER_MMDB_ARRAY && value->size > 0) {
			offset = value->at;
			continue;
		}
		if (value->type != STEER_MMDB_MAP) {
			return STEER_MMDB_ABSENT;
		}
		offset = STEER_MMDB_NOWHERE;
		if (find_keys(section, value, path++, 1, &offset) == STEER_MMDB_DAMAGED) {
			return STEER_MMDB_DAMAGED;
		}
		if (offset == STEER_MMDB_NOWHERE) {
			return STEER_MMDB_ABSENT;
		}
	}
}

bool steer_mmdb_uint(const steer_mmdb_section_t *section, const steer_mmdb_value_t *value,
                     uint64_t *number)
{
	bool is_uint = value->type == STEER_MMDB_UINT16 || value->type == STEER_MMDB_UINT32 ||
	               value->type == STEER_MMDB_UINT64;
	if (!is_uint || value->size > sizeof(*number)) {
		return false;
	}
	*number = load(section->bytes + value->at, value->size);
	return true;
}

bool steer_mmdb_double(const steer_mmdb_section_t *section, const steer_mmdb_value_t *value,
                       double *number)
{
	if (value->type == STEER_MMDB_DOUBLE && value->size == sizeof(double)) {
		uint64_t bits = load(section->bytes + value->at, sizeof(bits));
		memcpy(number, &bits, sizeof(bits));
		return true;
	}
	if (value->type == STEER_MMDB_FLOAT && value->size == sizeof(float)) {
		uint32_t bits = load(section->bytes + value->at, sizeof(bits));
		float made;
		memcpy(&made, &bits, sizeof(bits));
		*number = made;
		return true;
	}
	return false;
}

/* The file. */

static bool metadata_uint(steer_mmdb_section_t *metadata, const char *key, uint64_t *number)
{
	const char *const path[] = { key, NULL };
	steer_mmdb_value_t value;
	return steer_mmdb_find(metadata, 0, path, &value) == STEER_MMDB_FOUND &&
	       steer_mmdb_uint(metadata, &value, number);
}

const char *steer_mmdb_open(steer_mmdb_t *mmdb, const void *file, size_t size)
{
	const uint8_t *bytes = file, *mark = find_mark(bytes, size);
	if (mark == NULL) {
		return "not a MaxMind DB";
	}
	const uint8_t *begin = mark + MARK_LEN;
	steer_mmdb_section_t metadata = { begin, bytes + size - begin, WORK_MIN };
	uint64_t version, family, nodes, record_bits;
	if (!metadata_uint(&metadata, "binary_format_major_version", &version) ||
	    !metadata_uint(&metadata, "ip_version", &family) ||
	    !metadata_uint(&metadata, "node_count", &nodes) ||
	    !metadata_uint(&metadata, "record_size", &record_bits)) {
		return "damaged metadata";
	}
	if (version != 2) {
		return "another version of the format; allowed: version 2";
	}
	if ((family != 4 && family != 6) || nodes > UINT32_MAX ||
	    (record_bits != 24 && record_bits != 28 && record_bits != 32)) {
		return "damaged metadata: ip_version, node_count or record_size";
	}
	uint64_t tree = nodes * (record_bits / 4), room = mark - bytes;
	if (nodes == 0 || tree + STEER_MMDB_SEPARATOR > room) {
		return "cut off: the tree does not fit";
	}
	*mmdb = (steer_mmdb_t) {
		.tree = bytes, .nodes = nodes, .record_bits = record_bits, .family = family,
		.data = { bytes + tree + STEER_MMDB_SEPARATOR, room - tree - STEER_MMDB_SEPARATOR,
		          WORK_MIN + (uint64_t)size * WORK_PER_BYTE },
	};
	return NULL;
}

uint32_t steer_mmdb_record(const steer_mmdb_t *mmdb, uint32_t node, unsigned bit)
{
	const uint8_t *at = mmdb->tree + (size_t)node * (mmdb->record_bits / 4);
	switch (mmdb->record_bits) {
	case 24:
		return load(at + 3 * bit, 3);
	case 28: // The middle byte has the highest bits of both records.
		return load(at + 4 * bit, 3) | (uint32_t)(bit == 0 ? at[3] >> 4 : at[3] & 15) << 24;
	default:
		return load(at + 4 * bit, 4);
	}
}
