/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/maxmind_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS    "-Blocks-"
#define LOCATIONS "-Locations-"
#define END       ".csv"

static bool has_end(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);
	return len > end_len && strcmp(name + len - end_len, end) == 0;
}

static int out_of_memory(const char *path, steer_fault_t *fault)
{
	return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
}

/*! Keeps a name if it is one of blocks. \return false: of another database than those before. */
static bool keep_blocks(const char *names[STEER_MAXMIND_BLOCKS], const char *name)
{
	const char *mark = strstr(name, BLOCKS);
	bool v4 = has_end(name, BLOCKS "IPv4" END), v6 = has_end(name, BLOCKS "IPv6" END);
	if (mark == NULL || (!v4 && !v6)) {
		return true;
	}
	for (unsigned i = 0; i < STEER_MAXMIND_BLOCKS; i++) {
		if (names[i] != NULL && strncmp(names[i], name, mark - name + strlen(BLOCKS)) != 0) {
			return false;
		}
	}
	names[v6] = name;
	return true;
}

/*! Makes the path of a file in a folder. */
static char *join(const char *folder, size_t folder_len, const char *name)
{
	char *path = malloc(folder_len + strlen(name) + 2);
	if (path != NULL) {
		memcpy(path, folder, folder_len);
		strcpy(path + folder_len, folder_len > 0 && folder[folder_len - 1] != '/' ? "/" : "");
		strcat(path, name);
	}
	return path;
}

static int join_blocks(const char *folder, const char *const names[STEER_MAXMIND_BLOCKS],
                       char *paths[STEER_MAXMIND_BLOCKS], steer_fault_t *fault)
{
	unsigned count = 0;
	paths[0] = paths[1] = NULL;
	for (unsigned i = 0; i < STEER_MAXMIND_BLOCKS; i++) {
		if (names[i] == NULL) {
			continue;
		}
		paths[count] = join(folder, strlen(folder), names[i]);
		if (paths[count++] == NULL) {
			free(paths[0]);
			return out_of_memory(folder, fault);
		}
	}
	return count > 0 ? STEER_OK
	       : steer_fault(fault, STEER_EREFUSED, "%s: no file NAME-Blocks-IPv4.csv or "
	                     "NAME-Blocks-IPv6.csv; allowed: a folder of MaxMind's CSV files", folder);
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++) {
		free(entries[i]);
	}
	free(entries);
}

int steer_maxmind_find_blocks(const char *folder, char *paths[STEER_MAXMIND_BLOCKS],
                              steer_fault_t *fault)
{
	struct dirent **entries = NULL;
	const char *names[STEER_MAXMIND_BLOCKS] = { NULL };
	int count = scandir(folder, &entries, NULL, alphasort), ret = STEER_OK;
	if (count < 0) {
		return steer_fault(fault, errno == EACCES ? STEER_EACCES : STEER_EIO, "%s: %s", folder,
		                   strerror(errno));
	}
	for (int i = 0; i < count && ret == STEER_OK; i++) {
		if (!keep_blocks(names, entries[i]->d_name)) {
			ret = steer_fault(fault, STEER_EREFUSED, "%s: %s is of another database than %s; "
			                  "allowed: a folder of one, or a file", folder, entries[i]->d_name,
			                  names[0] != NULL ? names[0] : names[1]);
		}
	}
	if (ret == STEER_OK) {
		ret = join_blocks(folder, names, paths, fault);
	}
	free_entries(entries, count);
	return ret;
}

/*! Chooses the locations in a folder whose names begin with that of the database. */
static const char *choose(struct dirent **entries, int count, const char *begin, size_t len)
{
	const char *first = NULL;
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		if (strncmp(name, begin, len) != 0 || !has_end(name, END) ||
		    strncmp(name + len, LOCATIONS, strlen(LOCATIONS)) != 0) {
			continue;
		}
		if (has_end(name, LOCATIONS "en" END)) {
			return name;
		}
		first = first != NULL ? first : name;
	}
	return first;
}

int steer_maxmind_find_locations(const char *blocks, char **path, steer_fault_t *fault)
{
	const char *slash = strrchr(blocks, '/'), *name = slash != NULL ? slash + 1 : blocks;
	const char *mark = strstr(name, BLOCKS), *chosen = NULL;
	char *folder = name > blocks ? strndup(blocks, name - blocks) : strdup(".");
	struct dirent **entries = NULL;
	if (folder == NULL) {
		return out_of_memory(blocks, fault);
	}
	int count = mark != NULL ? scandir(folder, &entries, NULL, alphasort) : -1;
	free(folder);
	if (count >= 0) {
		chosen = choose(entries, count, name, mark - name);
	}
	char *made = chosen != NULL ? join(blocks, name - blocks, chosen) : NULL;
	int ret = STEER_OK;
	if (chosen == NULL) {
		ret = steer_fault(fault, STEER_EREFUSED, "%s: no locations beside it; allowed: "
		                  "NAME-Blocks-IPv4.csv with NAME-Locations-en.csv, or to name them",
		                  blocks);
	} else if (made == NULL) {
		ret = out_of_memory(blocks, fault);
	} else {
		*path = made;
	}
	free_entries(entries, count);
	return ret;
}
