/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The writer of Route 53's JSON, and members of objects as it puts them.
 */
#pragma once

#include <yajl_gen.h>

#include "formats/route53/store.h"

typedef struct steer_route53_writer {
	yajl_gen gen;
	steer_route53_store_t store;
	bool begun; /*!< There is an answer before. */
} steer_route53_writer_t;

/*! Puts a text: a key, or an item of a list. */
void steer_route53_put(steer_route53_writer_t *writer, const char *text);
void steer_route53_put_text(steer_route53_writer_t *writer, const char *key, const char *text);
void steer_route53_put_number(steer_route53_writer_t *writer, const char *key, int64_t number);
void steer_route53_put_bool(steer_route53_writer_t *writer, const char *key, bool truth);
/*! Opens an object or a list, which yajl_gen_map_close() or yajl_gen_array_close() closes. */
void steer_route53_put_object(steer_route53_writer_t *writer, const char *key);
void steer_route53_put_list(steer_route53_writer_t *writer, const char *key);
