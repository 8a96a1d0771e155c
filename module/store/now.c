/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/status.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

static uint64_t seconds_of(const struct timespec *time)
{
	return time->tv_sec > 0 ? time->tv_sec : 0;
}

/*! Reads the boot's id: 32 hexadecimal digits, with dashes. Without it, only wall time counts. */
static void read_boot(uint64_t boot[2])
{
	char text[64];
	int fd = open(BOOT_ID_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
	if (fd >= 0) {
		close(fd);
	}
	unsigned digits = 0;
	for (ssize_t i = 0; i < len && digits < 32; i++) {
		static const char hex[] = "0123456789abcdef";
		const char *digit = memchr(hex, tolower((unsigned char)text[i]), 16);
		if (digit != NULL) {
			uint64_t *half = &boot[digits++ / 16];
			*half = *half << 4 | (digit - hex);
		}
	}
}

void steer_now(steer_now_t *now)
{
	static uint64_t boot[2]; // Threads that come first at the same time read the same.
	uint64_t id[2] = {
		__atomic_load_n(&boot[0], __ATOMIC_ACQUIRE), __atomic_load_n(&boot[1], __ATOMIC_ACQUIRE),
	};
	if (id[0] == 0 || id[1] == 0) {
		id[0] = id[1] = 0;
		read_boot(id);
		__atomic_store_n(&boot[0], id[0], __ATOMIC_RELEASE);
		__atomic_store_n(&boot[1], id[1], __ATOMIC_RELEASE);
	}
	struct timespec wall, since_boot;
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &since_boot);
	*now = (steer_now_t) {
		.wall = seconds_of(&wall),
		.boot_ms = 1000 * seconds_of(&since_boot) + since_boot.tv_nsec / 1000000,
		.boot = { id[0], id[1] },
	};
}
