/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/writer.h"

#include <string.h>

void steer_route53_put(steer_route53_writer_t *writer, const char *text)
{
	yajl_gen_string(writer->gen, (const unsigned char *)text, strlen(text));
}

void steer_route53_put_text(steer_route53_writer_t *writer, const char *key, const char *text)
{
	steer_route53_put(writer, key);
	steer_route53_put(writer, text);
}

void steer_route53_put_number(steer_route53_writer_t *writer, const char *key, int64_t number)
{
	steer_route53_put(writer, key);
	yajl_gen_integer(writer->gen, number);
}

void steer_route53_put_bool(steer_route53_writer_t *writer, const char *key, bool truth)
{
	steer_route53_put(writer, key);
	yajl_gen_bool(writer->gen, truth);
}

void steer_route53_put_object(steer_route53_writer_t *writer, const char *key)
{
	steer_route53_put(writer, key);
	yajl_gen_map_open(writer->gen);
}

void steer_route53_put_list(steer_route53_writer_t *writer, const char *key)
{
	steer_route53_put(writer, key);
	yajl_gen_array_open(writer->gen);
}
