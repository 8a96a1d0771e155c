/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The maps of a store: in an environment of their own, which is made with the first one.
 *
 * A map is put as a whole: a reader has the one before or the new one. Putting one takes the write
 * lock of this environment alone, so no change set waits for it. It is not logged, and a replica
 * does not have it; the numbers of the names in it are, see steer_store_apply_names().
 *
 * Threads:  as store.h.
 * Memory:   what is found is borrowed from the map, like what the reader returns.
 */
#pragma once

#include "core/map.h"
#include "store/store.h"

/*! Whether a text can be the name of a map: 1 to STEER_REGION_NAME_MAX letters, digits, - and _. */
bool steer_maps_name_is_good(const char *name);

/*!
 * Puts a map, durable when this returns, in place of one of that name.
 *
 * \param[in] store  Open for writing. The environment is made if there is none, and is open then.
 * \param[in] value  A whole map, as steer_map_open() opens it.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL    The name cannot be one, or the value is no map.
 * \retval STEER_EREFUSED  There is a map of another type with that name, or there are
 *                         STEER_MAPS_MAX maps. Nothing changed.
 * \retval STEER_EFULL, STEER_EACCES, STEER_EDAMAGED, STEER_ENOMEM, STEER_EIO  Nothing changed.
 */
int steer_maps_put(steer_store_t *store, const char *name, const void *value, size_t size,
                   steer_fault_t *fault);
/*!
 * Deletes a map.
 *
 * \retval STEER_OK
 * \retval STEER_ENOENT  There is none of that name. Nothing changed.
 * \retval STEER_EFULL, STEER_EACCES, STEER_EDAMAGED, STEER_ENOMEM, STEER_EIO  Nothing changed.
 */
int steer_maps_delete(steer_store_t *store, const char *name, steer_fault_t *fault);

/*!
 * Opens the environment of maps in a store that was open before it was made; if it is open, or not
 * there, nothing happens. Not while another thread opens or uses readers of the maps.
 *
 * \retval STEER_OK
 * \retval STEER_ENOENT  There are no maps; without a fault.
 * \retval STEER_EACCES, STEER_EDAMAGED, STEER_EVERSION, STEER_ENOMEM, STEER_EIO
 */
int steer_maps_look(steer_store_t *store, steer_fault_t *fault);

/*!
 * Finds a map and opens it: all of it is read.
 *
 * \param[in] maps  Renewed reader of the maps: steer_reader_open() with STEER_ENV_MAPS, which
 *                  returns STEER_ENOENT if the store has never had any.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EIO
 * \retval STEER_EDAMAGED  It cannot be opened.
 */
int steer_maps_find(const steer_reader_t *maps, const char *name, steer_map_t *map);

/*! What the store has under the name of a map. */
typedef struct {
	char name[STEER_REGION_NAME_MAX + 1];
	size_t size;            /*!< Bytes of its value. */
	const steer_map_t *map; /*!< NULL: it is damaged. */
} steer_stored_map_t;
/*! Receives one. \return false ends the walk */
typedef bool (*steer_maps_f)(void *ctx, const steer_stored_map_t *stored);
/*! Walks over all maps, by name, and opens each. \retval STEER_OK, STEER_EIO, STEER_ENOMEM */
int steer_maps_walk(const steer_reader_t *maps, steer_maps_f take, void *ctx);
