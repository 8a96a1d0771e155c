/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "core/soa_names.h"

/*! Where the QNAME begins in a message, and what follows it there. */
#define QNAME_AT      12
#define QUESTION_TAIL 4

#define POINTER_SIZE 2

/*! A name in the message, of which the end may be at another place. */
typedef struct {
	const uint8_t *name; /*!< All of it. */
	unsigned len;
	unsigned at;         /*!< Where it begins. */
	unsigned own;        /*!< Bytes that are there; a pointer follows unless these are all. */
	unsigned rest;       /*!< Where the others are; 0: there are none. */
} written_t;

/*! Length of the longest name that both end in; 1: it is the root. */
static unsigned common_end(const uint8_t *one, unsigned one_len, const uint8_t *other,
                           unsigned other_len)
{
	while (one_len > 1 && (one_len != other_len || memcmp(one, other, one_len) != 0)) {
		if (one_len >= other_len) {
			one_len -= *one + 1;
			one += *one + 1;
		} else {
			other_len -= *other + 1;
			other += *other + 1;
		}
	}
	return one_len;
}

/*!
 * Places a name: as much of its end as the one before has becomes a pointer, and names after it are
 * compared with it unless it took no label.
 *
 * \return where it ends.
 */
static unsigned place(written_t *name, unsigned at, const written_t **before)
{
	const written_t *other = *before;
	unsigned common = common_end(name->name, name->len, other->name, other->len);
	name->at = at;
	name->own = name->len;
	if (common > 1) { // The root is shorter than a pointer.
		unsigned gone = other->len - common;
		name->own -= common;
		name->rest = gone < other->own ? other->at + gone : other->rest + gone - other->own;
	}
	if (name->own > 1) {
		*before = name;
	}
	return at + name->own + (common > 1 ? POINTER_SIZE : 0);
}

void steer_soa_names(const uint8_t *qname, size_t len, size_t apex_len, const uint8_t *rdata,
                     size_t rdata_len, steer_soa_names_t *names)
{
	*names = (steer_soa_names_t) { .apex_len = apex_len };
	size_t mname_len = steer_name_len_in(rdata, rdata_len);
	size_t rname_len = steer_name_len_in(rdata + mname_len, rdata_len - mname_len);
	if (apex_len == 1 || mname_len == 0 || rname_len == 0 ||
	    mname_len + rname_len + STEER_SOA_TAIL != rdata_len) {
		return;
	}
	const written_t asked = { .name = qname, .len = len, .at = QNAME_AT, .own = len };
	const written_t *before = &asked;
	written_t mname = { .name = rdata, .len = mname_len };
	written_t rname = { .name = rdata + mname_len, .len = rname_len };
	unsigned at = QNAME_AT + len + QUESTION_TAIL + STEER_RR_HEAD;
	(void)place(&rname, place(&mname, at, &before), &before);
	*names = (steer_soa_names_t) {
		.mname_rest = mname.rest, .rname_rest = rname.rest, .apex_len = apex_len,
		.mname_len = mname_len, .mname_own = mname.own, .rname_own = rname.own,
		.labels = before == &asked ? 0 : steer_name_labels(before->name),
	};
}
