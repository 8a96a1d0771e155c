/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief MaxMind DB files, version 2: a tree of address bits, whose leaves are values.
 *
 * This is not libmaxminddb, which calls itself for each level of nesting of a value, so that a file
 * can make its caller run out of stack (1.7.1: maps in maps, 3 bytes each).
 *
 * Threads:  a database belongs to one thread.
 * Memory:   the file's; nothing is allocated.
 * Trust:    a file can be anything: offsets are checked where they are used, and work bounds the
 *           number of values that are looked at.
 * Sources:  MaxMind DB File Format Specification, version 2.0.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! Zero bytes between the tree and the data, which records count. */
#define STEER_MMDB_SEPARATOR 16

/*! Values: a part of the file in which pointers count from its start. */
typedef struct {
	const uint8_t *bytes;
	size_t size;
	uint64_t work; /*!< Values that may still be looked at. */
} steer_mmdb_section_t;

typedef struct {
	const uint8_t *tree;
	uint32_t nodes;            /*!< Number of nodes in the tree. */
	unsigned record_bits;      /*!< Bits of a record, of which a node has two: 24, 28 or 32. */
	unsigned family;           /*!< IP version of the tree. IPv4 networks of IPv6 are in ::/96. */
	steer_mmdb_section_t data;
} steer_mmdb_t;

/*! Types of values. */
enum {
	STEER_MMDB_POINTER = 1,
	STEER_MMDB_TEXT = 2,
	STEER_MMDB_DOUBLE = 3,
	STEER_MMDB_UINT16 = 5,
	STEER_MMDB_UINT32 = 6,
	STEER_MMDB_MAP = 7,
	STEER_MMDB_UINT64 = 9,
	STEER_MMDB_ARRAY = 11,
	STEER_MMDB_BOOL = 14,
	STEER_MMDB_FLOAT = 15,
};

typedef struct {
	unsigned type;
	uint32_t size; /*!< Bytes; items of an array, pairs of a map; the value of a truth value. */
	size_t at;     /*!< Offset in the section of what follows the head. */
} steer_mmdb_value_t;

/*! Whether a file is a MaxMind DB, damaged or not. */
bool steer_mmdb_is(const void *file, size_t size);
/*!
 * Opens a file, which is borrowed.
 *
 * \return NULL, or what is wrong.
 */
const char *steer_mmdb_open(steer_mmdb_t *mmdb, const void *file, size_t size);
/*!
 * A record of a node: below nodes, the number of another node; equal to it, nothing; above, a value
 * in the data.
 *
 * \param[in] node  Below nodes.
 * \param[in] bit   Bit of the address, 0 or 1.
 */
uint32_t steer_mmdb_record(const steer_mmdb_t *mmdb, uint32_t node, unsigned bit);

typedef enum {
	STEER_MMDB_FOUND,
	STEER_MMDB_ABSENT,
	STEER_MMDB_DAMAGED, /*!< Or too much work. */
} steer_mmdb_result_t;

/*! No offset. */
#define STEER_MMDB_NOWHERE SIZE_MAX

/*!
 * Finds the values of several keys of a map; what is no map has none.
 *
 * \param[out] offsets  Of each key's value; STEER_MMDB_NOWHERE: it is absent.
 *
 * \return STEER_MMDB_FOUND or STEER_MMDB_DAMAGED
 */
steer_mmdb_result_t steer_mmdb_members(steer_mmdb_section_t *section, size_t offset,
                                       const char *const *keys, unsigned count, size_t *offsets);
/*!
 * Finds a value inside another one.
 *
 * \param[in] offset  Of the other one.
 * \param[in] path    Keys of maps; after an array, which stands for its first item, the next one;
 *                    ended by NULL.
 */
steer_mmdb_result_t steer_mmdb_find(steer_mmdb_section_t *section, size_t offset,
                                    const char *const *path, steer_mmdb_value_t *value);
/*! Reads a number that is not negative. \return Whether it is one, of at most 64 bits. */
bool steer_mmdb_uint(const steer_mmdb_section_t *section, const steer_mmdb_value_t *value,
                     uint64_t *number);
/*! Reads a floating-point number. */
bool steer_mmdb_double(const steer_mmdb_section_t *section, const steer_mmdb_value_t *value,
                       double *number);
