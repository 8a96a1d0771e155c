/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A store as the verbs read it: one consistent version, its zones and their names.
 */
#pragma once

#include "core/health_check.h"
#include "core/name.h"
#include "core/node.h"
#include "ctl/verbs.h"
#include "store/store.h"

typedef struct {
	steer_store_t *store;
	steer_reader_t *reader;
	bool rescue; /*!< Walks end at a damaged page, and others can follow. */
} view_t;

/*!
 * Opens the store, and a reader of its records as they are now.
 *
 * \return GO_ON, or the exit status after an error message
 */
int view_open(view_t *view, const run_t *run, steer_store_mode_t mode);
void view_close(view_t *view);

/*!
 * Opens a reader of an environment as it is now.
 *
 * \return GO_ON, or EXIT_STORE after an error message
 */
int view_open_reader(const view_t *view, const run_t *run, enum steer_env env,
                     steer_reader_t **reader);
/*!
 * Opens a reader of the maps likewise, and moves that of the records to a version that has all names
 * in them; nothing that was borrowed from it may be in use.
 *
 * \param[out] maps  NULL: the store has never had one.
 */
int view_open_maps(const view_t *view, const run_t *run, steer_reader_t **maps);

/*! Prints that the stored value of a key is damaged. \return EXIT_STORE */
int view_damaged(const uint8_t *key, size_t len);

/*!
 * Finds the closest hosted zone at or above a name; for DS at an apex the zone above, if any.
 *
 * \param[out] apex  Key of the zone's apex.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EIO
 */
int view_find_zone(const view_t *view, const uint8_t *name, uint16_t type, steer_key_t *apex);
/*!
 * As view_find_zone(), with error messages. \return GO_ON, or the exit status after an error
 * message
 */
int view_need_zone(const view_t *view, const char *text, const uint8_t *name, uint16_t type,
                   steer_key_t *apex);
/*!
 * Finds the zone with exactly that name. \return GO_ON, or the exit status after an error message
 */
int view_need_apex(const view_t *view, const char *text, const uint8_t *name, steer_key_t *apex);

/*! Decodes the entry of a zone. \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED, STEER_EIO */
int view_zone(const view_t *view, const steer_key_t *apex, steer_zone_t *zone);

/*! Gets the face of a name in a zone. \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED, STEER_EIO */
int view_face(const view_t *view, const steer_key_t *apex, const uint8_t *name,
              steer_face_t *face);

/*! Takes a zone's apex; anything but GO_ON ends the walk. */
typedef int (*view_zone_f)(void *ctx, const steer_key_t *apex);
/*! Takes a zone's name, in canonical order; anything but GO_ON ends the walk. */
typedef int (*view_name_f)(void *ctx, const uint8_t *name, const steer_face_t *face);

/*! Takes a health check; anything but GO_ON ends the walk. */
typedef int (*view_check_f)(void *ctx, const char *id, const steer_health_check_t *check);

/*!
 * Walks over the defined health checks by id; damaged ones are reported and skipped.
 *
 * \return GO_ON, what take() returned, or EXIT_STORE after an error message
 */
int view_each_check(const view_t *view, view_check_f take, void *ctx);
/*!
 * Walks over all zones.
 *
 * \return GO_ON, what take() returned, or EXIT_STORE after an error message
 */
int view_each_zone(const view_t *view, view_zone_f take, void *ctx);
/*! The same for a later walk: damage has been reported already. */
int view_each_zone_again(const view_t *view, view_zone_f take, void *ctx);
/*!
 * Walks over a zone's names; damaged ones are reported and skipped.
 *
 * \return GO_ON, what take() returned, or EXIT_STORE after an error message
 */
int view_each_name(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx);
/*! The same for a later walk: damage has been reported already. */
int view_each_name_again(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx);
/*!
 * The same for a later walk, in another order: that in which keys are if bytes are in an order of
 * their own. Needs memory for some thousand names.
 *
 * \param[in] order  All bytes, in that order.
 */
int view_each_name_ordered(const view_t *view, const steer_key_t *apex, const uint8_t order[256],
                           view_name_f take, void *ctx);
