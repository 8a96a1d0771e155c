/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/resource.h"

#include <arpa/inet.h>
#include <search.h>
#include <string.h>

#include "formats/name_text.h"

const char *const steer_gdnsd_parameters[] = {
	"service_types", "up_thresh", "ignore_health", "multi", "plugin", NULL
};

static const char *const meta_keys[] = {
	"service_types", "up_thresh", "ignore_health", "multi", "plugin", "datacenters", "dcmap",
	"map", "skip_first", NULL
};

/*! The plugins. */
static const struct {
	const char *name;
	bool meta;  /*!< Its resources are below "resources", and have datacenters. */
	bool plain; /*!< It has no resources of its own. */
	steer_gdnsd_maker_f make; /*!< NULL: nothing here does what it does. */
} plugins[] = {
	{ "multifo", false, false, steer_gdnsd_make_multifo },
	{ "simplefo", false, false, steer_gdnsd_make_simplefo },
	{ "weighted", false, false, steer_gdnsd_make_weighted },
	{ "static", false, false, steer_gdnsd_make_static },
	{ "metafo", true, false, steer_gdnsd_make_metafo },
	{ "geoip", true, false, steer_gdnsd_make_geoip },
	{ "null", false, true, steer_gdnsd_make_null },
	{ "reflect", false, true, NULL },
};
#define PLUGINS (sizeof(plugins) / sizeof(*plugins))

static unsigned plugin_of(const char *name)
{
	unsigned i = 0;
	while (i < PLUGINS && strcmp(plugins[i].name, name) != 0) {
		i++;
	}
	return i;
}

static bool is_meta(const char *plugin)
{
	const unsigned number = plugin_of(plugin);
	return number < PLUGINS && plugins[number].meta;
}

static int by_address(const void *a, const void *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

/*! Paths alone tell no resources apart: names of datacenters can have slashes in them. */
static int by_value(const void *a, const void *b)
{
	const steer_gdnsd_resource_t *x = a, *y = b;
	return x->value == NULL && y->value == NULL ? strcmp(x->path, y->path)
	                                            : by_address(x->value, y->value);
}

/* Where resources are. */

static const steer_gdnsd_scope_t *inside(steer_gdnsd_config_t *config, const steer_vscf_t *hash,
                                         const steer_gdnsd_scope_t *outer)
{
	if (hash == NULL || hash->kind != STEER_VSCF_HASH) {
		return outer;
	}
	steer_gdnsd_scope_t *scope = steer_gdnsd_get(config->reading, sizeof(*scope));
	if (scope != NULL) {
		*scope = (steer_gdnsd_scope_t) { hash, outer };
	}
	return scope;
}

/*! Locates and notes a resource that the configuration of a plugin has by this name. */
static bool locate_own(steer_gdnsd_config_t *config, const char *plugin, const char *name,
                       steer_gdnsd_located_t *located)
{
	const bool meta = is_meta(plugin);
	const steer_vscf_t *top = steer_vscf_get(config->plugins, plugin);
	const steer_vscf_t *value = steer_vscf_get(
		meta ? steer_vscf_get(top, "resources") : top, name);
	if (value == NULL || (!meta && steer_gdnsd_among(name, steer_gdnsd_parameters))) {
		return false;
	}
	located->plugin = plugin;
	located->value = value;
	located->scope = inside(config, value, inside(config, top, NULL));
	if (tsearch(value, &config->used, by_address) == NULL) {
		steer_gdnsd_no_memory(config->reading);
	}
	return true;
}

static bool too_deep(steer_gdnsd_config_t *config, const char *path, const steer_place_t *place)
{
	steer_gdnsd_wrong(config->reading, place, "%.300s: more than %d resources, each in the one "
	                  "before; allowed: fewer", path, STEER_GDNSD_DEPTH);
	return false;
}

static bool no_resource(steer_gdnsd_config_t *config, const char *path, const steer_place_t *place)
{
	steer_gdnsd_wrong(config->reading, place, "%.300s: no such resource; allowed: those below "
	                  "plugins", path);
	return false;
}

/*! Locates plugin!name, or of metafo and geoip, after the first slash, a datacenter. */
static bool locate(steer_gdnsd_config_t *config, const char *path, const steer_place_t *place,
                   steer_gdnsd_located_t *located)
{
	const char *mark = strchr(path, '!'), *slash = strchr(path, '/');
	*located = (steer_gdnsd_located_t) { .path = path };
	if (mark == NULL) {
		return no_resource(config, path, place);
	}
	char *plugin = steer_memory_copy(config->reading->memory, path, mark - path);
	if (plugin == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return false;
	}
	if (slash == NULL || !is_meta(plugin)) {
		return locate_own(config, plugin, mark + 1, located) || no_resource(config, path, place);
	}
	steer_gdnsd_located_t resource = {
		.path = steer_memory_copy(config->reading->memory, path, slash - path),
	};
	if (resource.path == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return false;
	}
	if (!locate_own(config, plugin, resource.path + (mark + 1 - path), &resource)) {
		return no_resource(config, path, place);
	}
	return steer_gdnsd_locate_datacenter(config, &resource, slash + 1, place, located);
}

/*! The plugin of what a datacenter has, if that does not name another. */
static const char *default_plugin(steer_gdnsd_config_t *config, const steer_gdnsd_scope_t *scope)
{
	const steer_vscf_t *plugin = steer_gdnsd_find(scope, "plugin");
	return plugin == NULL ? "multifo" : steer_gdnsd_text(config->reading, plugin);
}

/*! Follows a reference to another resource. */
static bool follow(steer_gdnsd_config_t *config, const char *path, const steer_place_t *place,
                   steer_gdnsd_located_t *located)
{
	if (path == NULL) {
		return false;
	}
	if (config->depth == STEER_GDNSD_DEPTH) {
		return too_deep(config, path, place);
	}
	config->depth++;
	const bool found = locate(config, path, place, located);
	config->depth--;
	return found;
}

/*! Puts a hash behind all others of a scope. \return NULL: out of memory, or there is nothing */
static const steer_gdnsd_scope_t *behind(steer_gdnsd_config_t *config,
                                         const steer_gdnsd_scope_t *scope,
                                         const steer_vscf_t *hash)
{
	return scope == NULL ? inside(config, hash, NULL)
	                     : inside(config, scope->hash, behind(config, scope->outer, hash));
}

bool steer_gdnsd_locate_datacenter(steer_gdnsd_config_t *config,
                                   const steer_gdnsd_located_t *resource, const char *datacenter,
                                   const steer_place_t *place, steer_gdnsd_located_t *located)
{
	uint8_t address[16];
	steer_gdnsd_type_t type;
	const steer_vscf_t *value = steer_vscf_get(steer_vscf_get(resource->value, "dcmap"),
	                                           datacenter);
	if (value == NULL) {
		steer_gdnsd_wrong(config->reading, place, "%.300s: no datacenter %.100s; allowed: those of "
		                  "its dcmap", resource->path, datacenter);
		return false;
	}
	const steer_gdnsd_scope_t *scope = inside(config, value, resource->scope);
	const char *plugin = default_plugin(config, scope);
	if (plugin == NULL || config->reading->ret != STEER_OK) {
		return false;
	}
	const char *text = value->kind == STEER_VSCF_TEXT ? value->text : NULL;
	if (text != NULL && text[0] == '%') {
		return follow(config, text + 1, &value->place, located);
	}
	if (text != NULL && text[0] == '!') {
		return follow(config, steer_gdnsd_print(config->reading, "%s%s", plugin, text),
		              &value->place, located);
	}
	if (value->kind != STEER_VSCF_HASH) {
		plugin = text != NULL && !steer_gdnsd_is_address(text, address, &type) ? "static"
		                                                                       : "multifo";
	}
	*located = (steer_gdnsd_located_t) {
		.path = steer_gdnsd_print(config->reading, "%s/%s", resource->path, datacenter),
		.plugin = plugin, .value = value,
		// What the plugin itself has as defaults comes after what is around the datacenter.
		.scope = behind(config, scope, steer_vscf_get(config->plugins, plugin)),
	};
	return config->reading->ret == STEER_OK;
}

/* Making. */

/*! What is wrong with the keys of a resource of metafo or geoip. */
static void check_keys(steer_gdnsd_config_t *config, const steer_gdnsd_located_t *located)
{
	if (steer_gdnsd_is_hash(config->reading, located->value)) {
		steer_gdnsd_only(config->reading, located->value, meta_keys);
	}
}

static void fill(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource,
                 const steer_gdnsd_located_t *located)
{
	const unsigned number = plugin_of(located->plugin);
	if (number == PLUGINS || plugins[number].make == NULL) {
		resource->lost = number == PLUGINS ? "nothing is known of its plugin"
		                 : "no record tells who asks";
		return;
	}
	if (plugins[number].meta) {
		check_keys(config, located);
	}
	resource->busy = true;
	config->depth++;
	plugins[number].make(config, resource, located);
	config->depth--;
	resource->busy = false;
	for (unsigned type = 0; type < STEER_GDNSD_TYPES; type++) {
		if (resource->groups[type] != NULL) {
			steer_gdnsd_note_checks(resource->groups[type]);
		}
	}
}

steer_gdnsd_resource_t *steer_gdnsd_make(steer_gdnsd_config_t *config,
                                         const steer_gdnsd_located_t *located,
                                         const steer_place_t *place)
{
	const steer_gdnsd_resource_t sought = { .value = located->value, .path = located->path };
	steer_gdnsd_resource_t **found = tfind(&sought, &config->resources, by_value);
	if (found != NULL) {
		if (!(*found)->busy) {
			return *found;
		}
		steer_gdnsd_wrong(config->reading, place, "%.300s leads back to itself; allowed: what does "
		                  "not", located->path);
		return NULL;
	}
	if (config->depth == STEER_GDNSD_DEPTH && !too_deep(config, located->path, place)) {
		return NULL;
	}
	steer_gdnsd_resource_t *made = steer_gdnsd_get(config->reading, sizeof(*made));
	if (made == NULL) {
		return NULL;
	}
	made->value = located->value;
	made->path = located->path;
	made->place = located->value == NULL ? *place
	              : located->value->key != NULL ? located->value->key_at : located->value->place;
	if (tsearch(made, &config->resources, by_value) == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return NULL;
	}
	fill(config, made, located);
	return config->reading->ret == STEER_OK ? made : NULL;
}

steer_gdnsd_resource_t *steer_gdnsd_resource(steer_gdnsd_config_t *config, const char *path,
                                             const steer_place_t *place)
{
	steer_gdnsd_located_t located = { .path = path };
	const size_t len = strcspn(path, "!");
	char *plugin = steer_memory_copy(config->reading->memory, path, len);
	if (plugin == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return NULL;
	}
	const unsigned number = plugin_of(plugin);
	if (number == PLUGINS || plugins[number].plain) {
		located.plugin = plugin;
		return steer_gdnsd_make(config, &located, place);
	}
	return locate(config, path, place, &located) ? steer_gdnsd_make(config, &located, place) : NULL;
}

bool steer_gdnsd_is_used(const steer_gdnsd_config_t *config, const steer_vscf_t *value)
{
	return tfind(value, &config->used, by_address) != NULL;
}

/* What makers share. */

steer_gdnsd_group_t *steer_gdnsd_group_of(steer_gdnsd_config_t *config,
                                          steer_gdnsd_resource_t *resource,
                                          steer_gdnsd_type_t type)
{
	if (resource->groups[type] == NULL) {
		// A CNAME is alone at its name, so aliases in its place have another.
		const bool aside = resource->names_alone && type != STEER_GDNSD_CNAME;
		resource->groups[type] = steer_gdnsd_group_new(config, aside ? "addresses" : NULL,
		                                               resource->path, &resource->place);
	}
	return resource->groups[type];
}

bool steer_gdnsd_is_address(const char *text, uint8_t *rdata, steer_gdnsd_type_t *type)
{
	if (inet_pton(AF_INET, text, rdata) == 1) {
		*type = STEER_GDNSD_A;
		return true;
	}
	*type = STEER_GDNSD_AAAA;
	return inet_pton(AF_INET6, text, rdata) == 1;
}

bool steer_gdnsd_set_value(steer_gdnsd_member_t *member, const char *text,
                           steer_gdnsd_type_t *type)
{
	member->kind = STEER_GDNSD_VALUE;
	if (steer_gdnsd_is_address(text, member->rdata, type)) {
		member->rdata_len = *type == STEER_GDNSD_A ? 4 : 16;
		return true;
	}
	*type = STEER_GDNSD_CNAME;
	if (!steer_name_is_absolute(text, strlen(text)) ||
	    steer_name_parse(text, member->rdata) != STEER_OK) {
		return false;
	}
	member->rdata_len = steer_name_len(member->rdata);
	return true;
}

void steer_gdnsd_add_aliases(steer_gdnsd_config_t *config, steer_gdnsd_resource_t *resource)
{
	const steer_gdnsd_group_t *names = resource->groups[STEER_GDNSD_CNAME];
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type <= STEER_GDNSD_AAAA && names != NULL;
	     type++) {
		steer_gdnsd_group_t *group = steer_gdnsd_group_of(config, resource, type);
		for (size_t i = 0; group != NULL && i < names->count; i++) {
			steer_gdnsd_member_t *member = steer_gdnsd_add(
				config, group, names->members[i]->id, &names->members[i]->place);
			if (member == NULL) {
				return;
			}
			*member = *names->members[i];
			member->kind = STEER_GDNSD_NAME;
		}
		if (group != NULL) {
			group->program = names->program;
		}
	}
}
