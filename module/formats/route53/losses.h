/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is being looked at for express.h, and the losses of it.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "core/name.h"
#include "core/node.h"
#include "core/program.h"
#include "formats/route53/store.h"

/*! A group or a health check. */
typedef struct {
	steer_route53_lose_f lose; /*!< NULL: nobody wants to know. */
	void *ctx;
	bool lost;
	/* Of a group. */
	const steer_route53_store_t *store;
	const uint8_t *zone, *name;
	const steer_group_t *group;
	steer_preset_t preset;
} steer_route53_look_t;

/*! One of its record sets. */
typedef struct {
	char id[STEER_SET_ID_MAX + 1]; /*!< "": none. */
	steer_set_t set;
} steer_route53_member_t;

/*! Tells a loss, and notes that there is one. */
__attribute__((format(printf, 3, 4)))
void steer_route53_lose(steer_route53_look_t *look, const char *id, const char *format, ...);

/*! Looks at the values or the target of a record set. */
void steer_route53_look_at_content(steer_route53_look_t *look,
                                   const steer_route53_member_t *member);
/*! Looks at what the policy of the group reads, and at the policy itself. */
void steer_route53_look_at_policy(steer_route53_look_t *look);
/*! Gets a record set of a group. */
void steer_route53_member(const steer_group_t *group, unsigned i, steer_route53_member_t *member);
