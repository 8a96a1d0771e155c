/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/files.h"

#include <glob.h>
#include <stdint.h>
#include <sys/stat.h>

static int open_file(void *ctx, steer_input_t **input, const char *path, steer_fault_t *fault)
{
	(void)ctx;
	return steer_input_open(input, path, fault);
}

static int match(void *ctx, const char *pattern, int (*found)(void *to, const char *path), void *to)
{
	(void)ctx;
	glob_t paths = { 0 };
	int error = glob(pattern, GLOB_ERR, NULL, &paths);
	int ret = error == 0 ? STEER_OK : error == GLOB_NOSPACE ? STEER_ENOMEM : STEER_ENOENT;
	for (size_t i = 0; i < paths.gl_pathc && ret == STEER_OK; i++) {
		struct stat about;
		if (stat(paths.gl_pathv[i], &about) == 0 && S_ISREG(about.st_mode)) {
			ret = found(to, paths.gl_pathv[i]);
		}
	}
	globfree(&paths);
	return ret;
}

const steer_knot_files_t steer_knot_files = { open_file, match, NULL };
