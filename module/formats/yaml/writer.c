/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/writer.h"

#include <string.h>

#include "core/name.h"

void steer_yaml_print_relative(const uint8_t *name, const uint8_t *ancestor, char *text)
{
	uint8_t part[STEER_NAME_MAX];
	size_t len = steer_name_len(name) - steer_name_len(ancestor);
	memcpy(part, name, len);
	part[len] = 0;
	steer_name_print(part, text);
	if (len > 0) {
		text[strlen(text) - 1] = '\0';
	}
}

void steer_yaml_print_name(const steer_yaml_writer_t *writer, const uint8_t *name, char *text)
{
	if (!steer_name_in(name, writer->zone)) {
		steer_name_print(name, text);
	} else if (steer_name_len(name) == steer_name_len(writer->zone)) {
		strcpy(text, "@");
	} else {
		steer_yaml_print_relative(name, writer->zone, text);
	}
}
