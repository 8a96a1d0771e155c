/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>
#include <unistd.h>

#include "store/handles.h"

void steer_store_ring(const steer_store_t *store)
{
	steer_rights_t before;
	int fd;
	if (steer_rights_take(&before, &store->folder.store) == 0) {
		if (steer_file_make(&store->folder, STEER_DOORBELL_FILE, &fd) == 0) { // Or it is there.
			(void)futimens(fd, NULL);
			close(fd);
		}
		steer_rights_restore(&before);
	}
}
