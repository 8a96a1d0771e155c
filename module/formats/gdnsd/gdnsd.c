/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/gdnsd.h"

#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/gdnsd/geomap.h"
#include "formats/gdnsd/resource.h"
#include "formats/gdnsd/zones.h"

/*! A zone file; its input is that of the reader, once that is there. */
typedef struct zone {
	struct zone *next;
	steer_input_t *input;
	steer_zonefile_t *file;
} zone_t;

struct steer_gdnsd {
	bool anywhere;
	steer_input_t *config; /*!< NULL: none, or the document has it. */
	bool has_config;
	zone_t *zones, *last;
	steer_vscf_document_t *document;
	steer_memory_t memory;
};

/* Files. */

steer_gdnsd_t *steer_gdnsd_new(bool anywhere)
{
	steer_gdnsd_t *files = calloc(1, sizeof(*files));
	if (files == NULL || (files->document = steer_vscf_new()) == NULL) {
		free(files);
		return NULL;
	}
	files->anywhere = anywhere;
	return files;
}

void steer_gdnsd_free(steer_gdnsd_t *files)
{
	if (files == NULL) {
		return;
	}
	for (zone_t *zone = files->zones, *next; zone != NULL; zone = next) {
		next = zone->next;
		steer_input_free(zone->input);
		steer_zonefile_close(zone->file);
		free(zone);
	}
	steer_input_free(files->config);
	steer_vscf_free(files->document);
	steer_memory_free(&files->memory);
	free(files);
}

int steer_gdnsd_add_config(steer_gdnsd_t *files, steer_input_t *input, steer_fault_t *fault)
{
	if (files->has_config) {
		const int ret = steer_fault(fault, STEER_EREFUSED, "%s: a second configuration of gdnsd; "
		                            "allowed: one", input->name);
		steer_input_free(input);
		return ret;
	}
	files->config = input;
	files->has_config = true;
	return STEER_OK;
}

int steer_gdnsd_add_zone(steer_gdnsd_t *files, steer_input_t *input)
{
	zone_t *zone = calloc(1, sizeof(*zone));
	if (zone == NULL) {
		steer_input_free(input);
		return STEER_ENOMEM;
	}
	zone->input = input;
	*(files->last != NULL ? &files->last->next : &files->zones) = zone;
	files->last = zone;
	return STEER_OK;
}

/*! Whether a name in the folder zones is that of a zone file. */
static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_zone_file(steer_gdnsd_t *files, const char *folder, const char *name,
                         steer_fault_t *fault)
{
	struct stat info;
	steer_input_t *input = NULL;
	char *path = NULL;
	if (asprintf(&path, "%szones/%s", folder, name) < 0) {
		return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", name);
	}
	int ret = STEER_OK;
	if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) { // Folders are for $INCLUDE.
		ret = steer_input_open(&input, path, fault);
		if (ret == STEER_OK && steer_gdnsd_add_zone(files, input) != STEER_OK) {
			ret = steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
		}
	}
	free(path);
	return ret;
}

/*! Adds the zone files of a folder. \param[in] folder  With a final slash, or "". */
static int add_zone_files(steer_gdnsd_t *files, const char *folder, steer_fault_t *fault)
{
	char *path = NULL;
	struct dirent **entries = NULL;
	if (asprintf(&path, "%szones", folder) < 0) {
		return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", folder);
	}
	const int count = scandir(path, &entries, is_shown, alphasort);
	int ret = STEER_OK;
	if (count < 0) {
		const int code = errno == ENOENT ? STEER_ENOENT : errno == EACCES ? STEER_EACCES
		                 : errno == ENOMEM ? STEER_ENOMEM : STEER_EIO;
		ret = steer_fault(fault, code, "%s: %s; allowed: FILE is the folder that has config and "
		                  "zones/, or the config in it", path, strerror(errno));
	}
	for (int i = 0; i < count; i++) {
		if (ret == STEER_OK) {
			ret = add_zone_file(files, folder, entries[i]->d_name, fault);
		}
		free(entries[i]);
	}
	free(entries);
	free(path);
	return ret;
}

/*! The folder of a configuration, with a final slash or "". \return NULL: out of memory */
static char *folder_of(const char *path, bool is_folder)
{
	char *folder = NULL;
	const char *slash = strrchr(path, '/');
	const int ret = is_folder
	                ? asprintf(&folder, "%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/")
	                : asprintf(&folder, "%.*s", slash != NULL ? (int)(slash + 1 - path) : 0, path);
	return ret < 0 ? NULL : folder;
}

int steer_gdnsd_open(steer_gdnsd_t *files, const char *path, steer_fault_t *fault)
{
	struct stat info;
	steer_input_t *input = NULL;
	char *config = NULL;
	const bool is_folder = path[0] != '\0' && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
	char *folder = folder_of(path, is_folder);
	if (folder == NULL || asprintf(&config, "%s%s", is_folder ? folder : path,
	                               is_folder ? "config" : "") < 0) {
		free(folder);
		return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
	}
	int ret = steer_input_open(&input, config, fault);
	if (ret == STEER_OK) {
		ret = steer_gdnsd_add_config(files, input, fault);
	} else if (ret == STEER_ENOENT && is_folder) {
		ret = STEER_OK; // Then gdnsd has only zones.
	}
	if (ret == STEER_OK) {
		ret = add_zone_files(files, folder, fault);
	}
	free(config);
	free(folder);
	return ret;
}

/* The configuration. */

static void take_options(steer_gdnsd_config_t *config, const steer_vscf_t *options)
{
	/* Those of the server itself, which say nothing of answers, come after the first ones. */
	static const char *const keys[] = {
		"zones_default_ttl", "min_ttl", "max_ttl", "max_ncache_ttl", "disable_text_autosplit",
		"listen", "dns_port", "lock_mem", "edns_client_subnet", "max_edns_response",
		"max_edns_response_v6", "acme_challenge_ttl", "acme_challenge_dns_ttl",
		"zones_rfc1035_threads", "zones_strict_data", "disable_cookies", "cookie_key_file",
		"experimental_no_chain", "disable_tcp_dso", "max_nocookie_response", "chaos_response",
		"nsid",
		"nsid_ascii", "tcp_threads", "udp_threads", "tcp_clients_per_thread", "tcp_timeout",
		"tcp_backlog", "tcp_fastopen", "tcp_proxy", "tcp_pad", "udp_rcvbuf", "udp_sndbuf",
		"tcp_control", "run_dir", "state_dir", "username", "zones_rfc1035_auto", NULL
	};
	steer_gdnsd_reading_t *reading = config->reading;
	bool subnet = true, whole = false;
	if (!steer_gdnsd_is_hash(reading, options)) {
		return;
	}
	for (const steer_vscf_t *entry = options->first; entry != NULL; entry = entry->next) {
		if (!steer_gdnsd_among(entry->key, keys)) {
			steer_gdnsd_wrong(reading, &entry->key_at, "%.200s: not known; allowed: the options in "
			                  "gdnsd.config(5)", entry->key);
		}
	}
	steer_gdnsd_number(reading, steer_vscf_get(options, "min_ttl"), 0, 86400,
	                   &config->options.min_ttl);
	steer_gdnsd_number(reading, steer_vscf_get(options, "max_ttl"), 3600, 268435455,
	                   &config->options.max_ttl);
	steer_gdnsd_number(reading, steer_vscf_get(options, "zones_default_ttl"), 1, 268435455,
	                   &config->options.default_ttl);
	steer_gdnsd_number(reading, steer_vscf_get(options, "max_ncache_ttl"), 10, 86400,
	                   &config->options.max_ncache_ttl);
	steer_gdnsd_bool(reading, steer_vscf_get(options, "disable_text_autosplit"), &whole);
	steer_gdnsd_bool(reading, steer_vscf_get(options, "edns_client_subnet"), &subnet);
	config->options.split_text = !whole;
	if (!subnet) {
		steer_gdnsd_warn(reading, &options->place, "edns_client_subnet: whether client subnets "
		                 "count is up to the server: edns-client-subnet in knot.conf");
	}
}

/*! Takes what an entry of a configuration has. \return NULL: nothing, or an error was reported */
static const steer_vscf_t *hash_of(steer_gdnsd_config_t *config, const steer_vscf_t *root,
                                   const char *key)
{
	const steer_vscf_t *hash = steer_vscf_get(root, key);
	return hash != NULL && steer_gdnsd_is_hash(config->reading, hash) ? hash : NULL;
}

static void take_config(steer_gdnsd_config_t *config, steer_gdnsd_t *files)
{
	static const char *const keys[] = { "options", "service_types", "plugins", NULL };
	steer_gdnsd_reading_t *reading = config->reading;
	const steer_vscf_t *root = NULL;
	steer_input_t *input = files->config;
	files->config = NULL;
	const int ret = steer_vscf_read(files->document, input, files->anywhere, &reading->report,
	                                &root);
	if (ret == STEER_ENOMEM || (ret == STEER_EREFUSED && reading->sink->error == NULL)) {
		reading->ret = ret;
	}
	if (ret != STEER_OK || !steer_gdnsd_is_hash(reading, root)) {
		return;
	}
	config->folder = input->dir;
	steer_gdnsd_only(reading, root, keys);
	config->service_types = hash_of(config, root, "service_types");
	config->plugins = hash_of(config, root, "plugins");
	const steer_vscf_t *options = steer_vscf_get(root, "options");
	if (options != NULL) {
		take_options(config, options);
	}
}

/*! Counts the resources of a plugin that no zone has used. */
static unsigned count_unused(const steer_gdnsd_config_t *config, const steer_vscf_t *resources)
{
	unsigned unused = 0;
	for (const steer_vscf_t *entry = resources->first; entry != NULL; entry = entry->next) {
		unused += !steer_gdnsd_among(entry->key, steer_gdnsd_parameters) &&
		          !steer_gdnsd_is_used(config, entry);
	}
	return unused;
}

static void warn_of_unused(steer_gdnsd_config_t *config)
{
	static const char *const own[] = {
		"multifo", "simplefo", "weighted", "static", "metafo", "geoip", NULL
	};
	for (const steer_vscf_t *plugin = config->plugins != NULL ? config->plugins->first : NULL;
	     plugin != NULL; plugin = plugin->next) {
		const steer_vscf_t *below = steer_vscf_get(plugin, "resources");
		const bool meta = strcmp(plugin->key, "metafo") == 0 || strcmp(plugin->key, "geoip") == 0;
		const steer_vscf_t *resources = meta ? below : plugin;
		if (!steer_gdnsd_among(plugin->key, own) || resources == NULL ||
		    resources->kind != STEER_VSCF_HASH) {
			continue;
		}
		const unsigned unused = count_unused(config, resources);
		if (unused > 0) {
			steer_gdnsd_warn(config->reading, &plugin->key_at, "%s: resources that no zone uses, "
			                 "so they are left out: %u", plugin->key, unused);
		}
	}
}

static void read_files(steer_gdnsd_t *files, steer_gdnsd_config_t *config)
{
	steer_gdnsd_reading_t *reading = config->reading;
	if (files->config != NULL) {
		take_config(config, files);
	}
	if (reading->report.errors > 0) {
		return; // What zones use would be missing, too.
	}
	for (zone_t *zone = files->zones; zone != NULL && reading->ret == STEER_OK; zone = zone->next) {
		steer_input_t *input = zone->input;
		zone->input = NULL;
		steer_gdnsd_pass_zone(config, input, &zone->file);
	}
	if (reading->ret == STEER_OK && reading->report.errors == 0) {
		steer_gdnsd_pass_networks(config);
		warn_of_unused(config);
	}
}

int steer_gdnsd_read(steer_gdnsd_t *files, const steer_reading_t *sink, steer_fault_t *fault)
{
	steer_gdnsd_reading_t reading = {
		.sink = sink, .memory = &files->memory,
		.report = {
			sink->error, sink->ctx,
			files->config != NULL ? files->config->name : "the zones of gdnsd",
			fault, 0,
		},
	};
	steer_gdnsd_config_t config = {
		.reading = &reading, .anywhere = files->anywhere, .document = files->document,
		.options = { 86400, 5, 3600000, 10800, true },
	};
	read_files(files, &config);
	tdestroy(config.services, steer_gdnsd_keep);
	tdestroy(config.checks, steer_gdnsd_keep);
	tdestroy(config.resources, steer_gdnsd_keep);
	tdestroy(config.used, steer_gdnsd_keep);
	steer_gdnsd_groups_free(&config);
	steer_gdnsd_maps_free(&config);
	return reading.ret == STEER_OK ? steer_report_end(&reading.report) : reading.ret;
}
