/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The lists of record sets in the files of an import, and the zone that each one is of.
 *
 * A list does not name its zone. One with an SOA is of that zone; one without is a later page: of
 * the zone of the page that ends where it begins, else of the only zone that has all its names.
 *
 * Threads:  belongs to one thread.
 * Memory:   some 60 bytes a record set, and its name.
 */
#pragma once

#include "formats/route53/fields.h"

/*! Most bytes of all names, whose offsets have 32 bits. */
#define STEER_ROUTE53_NAMES_MAX UINT32_MAX
/*! No number. */
#define STEER_ROUTE53_NONE UINT32_MAX

/*! What list-resource-record-sets printed: all of a zone, or a page. */
typedef struct {
	steer_field_at_t page;  /*!< The object. */
	steer_field_at_t items; /*!< Its record sets. */
	uint32_t first, end;    /*!< Their numbers. */
	uint32_t soa;           /*!< Number of the SOA; STEER_ROUTE53_NONE: it has none. */
	uint32_t zone;          /*!< STEER_ROUTE53_NONE: not known. */
} steer_route53_list_t;

/*! A record set: an entry of Route 53, which is one of a group if it has an identifier. */
typedef struct {
	steer_field_at_t at;
	uint32_t list;
	uint32_t name;       /*!< Offset in the names. */
	uint16_t type;
	uint8_t name_len;
	const char *id;      /*!< "": none. */
} steer_route53_entry_t;

/*! A zone that is named by an SOA, by get-hosted-zone or by the user. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	uint8_t name_len;
	bool hosted;         /*!< Its hosted zone is known, and thereby its identifier. */
	bool private;        /*!< That is a private one. */
	steer_field_at_t at; /*!< The hosted zone; else what names it. */
	uint32_t number;     /*!< In the order of the files. */
} steer_route53_zone_t;

/*! Identifier of a hosted zone, and the offset of its name. */
typedef struct {
	const char *id;
	uint32_t name;
} steer_route53_id_t;

/*! Zeroed memory has nothing. */
typedef struct {
	steer_route53_list_t *lists;
	steer_route53_entry_t *entries;
	steer_route53_zone_t *zones; /*!< Sorted, each once, when those of the lists are found. */
	steer_route53_id_t *ids;     /*!< Likewise. */
	uint8_t *names;
	uint32_t count, entries_count, zones_count, ids_count;
	size_t names_len, room, entries_room, zones_room, ids_room, names_room;
} steer_route53_lists_t;

static inline const uint8_t *steer_route53_name(const steer_route53_lists_t *lists,
                                                const steer_route53_entry_t *entry)
{
	return lists->names + entry->name;
}

/*! Reads the name, type and identifier of a record set. \return false: something is wrong */
bool steer_route53_take_entry(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                              const steer_field_at_t *item, steer_route53_entry_t *entry);
/*! Adds a list with its record sets: their names, types and identifiers. */
void steer_route53_add_list(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                            const steer_field_at_t *page);
/*! Adds the zone of a hosted zone. */
void steer_route53_add_hosted_zone(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                                   const steer_field_at_t *hosted);
/*!
 * Finds the zone of each list, when all lists and zones were added.
 *
 * \param[in] named  The zone of all lists; NULL: each has its own.
 */
void steer_route53_find_zones(steer_route53_lists_t *lists, steer_route53_reading_t *reading,
                              const uint8_t *named);
/*! Finds a zone by its name, when those of the lists were found. \return NULL: there is none */
const steer_route53_zone_t *steer_route53_zone(const steer_route53_lists_t *lists,
                                               const uint8_t *name);
/*! The longest name that encloses both; it is part of the first. */
const uint8_t *steer_route53_encloser(const uint8_t *name, const uint8_t *other);
/*! Finds the zones that enclose a name. \param[out] zone  The longest. \return How many */
unsigned steer_route53_zones_of(const steer_route53_lists_t *lists, const uint8_t *name,
                                uint32_t *zone);
/*! The name of the hosted zone with an identifier. \return NULL: there is none */
const uint8_t *steer_route53_name_of_id(const steer_route53_lists_t *lists, const char *id);
/*! Whether an identifier is that of a hosted zone with a name. */
bool steer_route53_is_id_of(const steer_route53_lists_t *lists, const char *id,
                            const uint8_t *zone);
void steer_route53_lists_free(steer_route53_lists_t *lists);

/*! Reads a domain name as Route 53 writes it. \return false: none is given, or it is wrong */
bool steer_route53_take_name(steer_route53_reading_t *reading, const steer_field_at_t *object,
                             const char *key, uint8_t *name, steer_field_at_t *field);
