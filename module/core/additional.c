/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/additional.h"

/*! Smallest size of an address record in the additional section. */
#define ADDRESS_LEAST (STEER_RR_LEAST + 4)
/*!
 * Lookups allowed: NAMED_GETS for each name (as many as a missing name below an existing one
 * takes), plus EXTRA_GETS for each KiB of the RRset.
 */
#define NAMED_GETS 2
#define EXTRA_GETS 32
/*! Work allowed for each KiB of the RRset. */
#define EXTRA_WORK 2000

typedef struct {
	steer_picker_t *picker;
	const steer_finder_t *here;  /*!< Its zone is that of the RRset. */
	const steer_picked_t *rrset; /*!< Whose names are looked up. */
	int rr;                      /*!< Position in it of the RR with the current name. */
	unsigned kib;                /*!< Its size, rounded up. */
	unsigned gets;               /*!< Lookups so far. */
	unsigned work_before;        /*!< The picker's, when the section was begun. */
} additional_t;

/*! Finds a name of the zone, or the wildcard that covers it. */
static int find_name(additional_t *additional, const uint8_t *name, steer_tree_place_t *place)
{
	const steer_finder_t *here = additional->here;
	if (!steer_name_in(name, steer_finder_ancestor(here, here->zone))) {
		return STEER_ENOENT;
	}
	steer_finder_t finder;
	steer_tree_place_t encloser;
	steer_finder_begin(&finder, here->lookup, name);
	finder.zone = here->zone;
	int ret = steer_finder_place(&finder, finder.key.labels, place);
	if (ret != STEER_ENOENT) {
		goto done;
	}
	ret = steer_finder_encloser(&finder, &encloser);
	if (ret != STEER_OK) {
		goto done;
	}
	ret = encloser.face.flags & STEER_FACE_WILDCARD
	      ? steer_finder_wildcard(&finder, encloser.labels, place) : STEER_ENOENT;
done:
	additional->gets += finder.gets;
	return ret;
}

/*! Puts the addresses of a target, and the next records of a service (RFC 9460, section 4.1). */
static int put_addresses(additional_t *additional, const uint8_t *name,
                         const steer_tree_place_t *place, bool optional)
{
	steer_picker_t *picker = additional->picker;
	const steer_records_t *records = &additional->rrset->records;
	const uint16_t types[] = { TYPE_A, TYPE_AAAA, records->type };
	bool service = records->type == TYPE_SVCB || records->type == TYPE_HTTPS;
	for (unsigned i = 0; i < (service ? 3 : 2); i++) {
		steer_group_t group;
		steer_picked_t picked;
		if (!steer_face_group(&place->face, types[i], &group)) {
			continue;
		}
		int ret = steer_pick(picker, &group, records->count, false, &picked);
		if (ret == STEER_OK && picked.records.count > 0) {
			ret = steer_picker_put(picker, STEER_ADDITIONAL, name, &picked, additional->rr,
			                       optional);
		}
		if (ret == STEER_ESPACE || picker->work > STEER_WORK_MAX) {
			return STEER_ESPACE;
		}
	}
	return STEER_OK;
}

/*!
 * Puts what one name leads to.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  It did not fit, or a limit is reached.
 */
static int put_name(additional_t *additional, const uint8_t *name, bool optional)
{
	const steer_picker_t *picker = additional->picker;
	steer_tree_place_t place;
	if (picker->room < ADDRESS_LEAST || picker->work > STEER_WORK_MAX ||
	    additional->gets > NAMED_GETS * additional->rr + EXTRA_GETS * additional->kib ||
	    (optional && picker->work - additional->work_before > EXTRA_WORK * additional->kib)) {
		return STEER_ESPACE;
	}
	if (find_name(additional, name, &place) != STEER_OK) {
		return STEER_OK;
	}
	return put_addresses(additional, name, &place, optional);
}

/*! Puts what the names lead to: those that the delegation depends on, or the optional others. */
static int put_names(additional_t *additional, const uint8_t *delegation, bool optional)
{
	const steer_records_t *records = &additional->rrset->records;
	int offset = steer_additional_offset(records->type), result = STEER_OK;
	additional->rr = 0;
	for (unsigned i = 0; i < records->count; i++) {
		const steer_rrs_t *part = &records->parts[i];
		const uint8_t *at = part->rrs, *end = at + part->len, *rdata;
		uint16_t len;
		for (; (rdata = steer_rr_next(&at, end, &len)) != NULL; additional->rr++) {
			bool needed = delegation != NULL && len > offset &&
			              steer_name_in(rdata + offset, delegation);
			if (len > offset && needed != optional &&
			    put_name(additional, rdata + offset, optional) != STEER_OK) {
				result = STEER_ESPACE;
			}
		}
	}
	return result;
}

int steer_additional_put(steer_picker_t *picker, const steer_finder_t *here,
                         const steer_picked_t *rrset, const uint8_t *delegation)
{
	if (steer_additional_offset(rrset->records.type) < 0) {
		return STEER_OK;
	}
	additional_t additional = {
		.picker = picker, .here = here, .rrset = rrset,
		.kib = 1 + rrset->records.least / 1024, .work_before = picker->work,
	};
	int ret = delegation != NULL ? put_names(&additional, delegation, false) : STEER_OK;
	(void)put_names(&additional, delegation, true);
	return ret;
}
