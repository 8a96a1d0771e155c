/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "formats/yaml/write.h"
#include "formats/yaml/writer.h"

#define CHECK_INDENT 2

/*! An option, of which a list has several texts. */
typedef struct {
	const steer_health_check_t *check;
	const steer_health_option_t *option;
	size_t at; /*!< Where its texts begin. */
} texts_t;

/*! The next text of an option, NUL-terminated; NULL: there are no more. */
static const char *next_text(const texts_t *texts, size_t *at, char text[STEER_CHECK_MAX])
{
	const steer_health_option_t *option;
	const char *found;
	size_t len;
	if (!steer_health_check_next(texts->check, at, &option, &found, &len) ||
	    option != texts->option) {
		return NULL;
	}
	memcpy(text, found, len);
	text[len] = '\0';
	return text;
}

static void put_texts(steer_yaml_list_t *list, const void *ctx)
{
	const texts_t *texts = ctx;
	char room[STEER_CHECK_MAX];
	const char *text;
	size_t at = texts->at;
	while (!steer_yaml_is_full(list->sink) && (text = next_text(texts, &at, room)) != NULL) {
		steer_yaml_list_item(list, text);
	}
}

static void put_option(steer_yaml_map_t *map, const texts_t *texts)
{
	char room[STEER_CHECK_MAX];
	size_t at = texts->at;
	const char *key = texts->option->name, *text = next_text(texts, &at, room);
	switch (texts->option->kind) {
	case STEER_OPTION_LIST:
		steer_yaml_map_list(map, key, false, put_texts, texts);
		break;
	case STEER_OPTION_NUMBER:
	case STEER_OPTION_TIME:
	case STEER_OPTION_BOOL:
		steer_yaml_map_plain(map, key, text);
		break;
	default:
		steer_yaml_map_text(map, key, text);
	}
}

static void put_check(steer_yaml_map_t *map, const void *ctx)
{
	texts_t texts = { .check = ctx };
	const steer_health_option_t *option, *before = NULL;
	const char *text;
	size_t next = 0, len;
	steer_yaml_map_text(map, "type", steer_health_check_type_name(texts.check->type));
	while (!steer_yaml_is_full(map->sink) &&
	       steer_health_check_next(texts.check, &next, &option, &text, &len)) {
		if (option != before) {
			texts.option = before = option;
			put_option(map, &texts);
		}
		texts.at = next;
	}
}

void steer_yaml_write_health(steer_yaml_writer_t *writer)
{
	steer_yaml_puts(&writer->sink, "health:\n");
}

void steer_yaml_write_check(steer_yaml_writer_t *writer, const char *id,
                            const steer_health_check_t *check)
{
	steer_yaml_put_mapping(&writer->sink, CHECK_INDENT, id, put_check, check);
}
