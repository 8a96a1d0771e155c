/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/file.h>

#include "store/handles.h"

int steer_store_claim(steer_store_t *store, steer_fault_t *fault)
{
	if (flock(store->folder.fd, LOCK_EX | LOCK_NB) == 0) {
		return STEER_OK;
	}
	if (errno == EWOULDBLOCK) {
		return steer_fault(fault, STEER_EBUSY, "%s: another steerd is at work on this store; "
		                   "allowed: one", store->dir);
	}
	return steer_store_fault(store, "lock of the directory", errno, fault);
}
