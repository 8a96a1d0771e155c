/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engines of this process. LMDB lets a process open an environment only once, and a reload of
 * the host overlaps instances, so this list is the one thing that outlives them. */
#include <string.h>

#include "engine/internal.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static steer_engine_t *engines;

static bool is_claim(const steer_claim_t *claim, dev_t device, ino_t inode)
{
	return claim->made && claim->device == device && claim->inode == inode;
}

static bool has(const steer_engine_t *engine, dev_t device, ino_t inode)
{
	return is_claim(&engine->held, device, inode) || is_claim(&engine->wanted, device, inode);
}

steer_engine_t *steer_registry_find(const char *storage)
{
	dev_t device;
	ino_t inode;
	bool there = steer_store_identity(storage, &device, &inode) == STEER_OK;
	pthread_mutex_lock(&mutex);
	steer_engine_t *engine = engines;
	while (engine != NULL && strcmp(engine->storage, storage) != 0 &&
	       !(there && has(engine, device, inode))) {
		engine = engine->next;
	}
	if (engine != NULL) {
		engine->references++;
	}
	pthread_mutex_unlock(&mutex);
	return engine;
}

void steer_registry_add(steer_engine_t *engine)
{
	pthread_mutex_lock(&mutex);
	engine->references = 1;
	engine->next = engines;
	engines = engine;
	pthread_mutex_unlock(&mutex);
}

bool steer_registry_remove(steer_engine_t *engine)
{
	pthread_mutex_lock(&mutex);
	bool last = --engine->references == 0;
	steer_engine_t **at = &engines;
	if (last) {
		while (*at != engine) {
			at = &(*at)->next;
		}
		*at = engine->next;
	}
	pthread_mutex_unlock(&mutex);
	return last;
}

bool steer_registry_claim(steer_engine_t *engine, dev_t device, ino_t inode)
{
	pthread_mutex_lock(&mutex);
	bool taken = false;
	for (const steer_engine_t *other = engines; other != NULL; other = other->next) {
		taken = taken || (other != engine && has(other, device, inode));
	}
	if (!taken) {
		engine->wanted = (steer_claim_t) { true, device, inode };
	}
	pthread_mutex_unlock(&mutex);
	return !taken;
}

void steer_registry_settle(steer_engine_t *engine, bool opened)
{
	pthread_mutex_lock(&mutex);
	if (opened) {
		engine->held = engine->wanted;
	}
	engine->wanted.made = false;
	pthread_mutex_unlock(&mutex);
}
