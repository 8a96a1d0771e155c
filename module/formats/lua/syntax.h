/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The expressions of Lua that LUA records are made of: tokens, and a tree of them.
 *
 * A record is an expression or, after a semicolon, conditions that each return one. Nothing is
 * computed; what is not of this form is not read.
 *
 * Threads:  a tree belongs to one thread.
 * Memory:   12 bytes a node, and the texts; both bounded, as is the depth.
 * Trust:    the code can be anything; reading takes time in proportion to its size.
 * Sources:  the Lua 5.4 reference manual, sections 3.1, 3.3 and 3.4.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! Longest code, in bytes. */
#define STEER_LUA_CODE_MAX  65536
/*! Most nodes of a tree. */
#define STEER_LUA_NODES_MAX 16384
/*! Deepest nesting of tables, calls and parentheses. */
#define STEER_LUA_DEPTH     16

typedef enum {
	STEER_LUA_TEXT,
	STEER_LUA_NUMBER, /*!< Of digits; as text. */
	STEER_LUA_NAME,   /*!< A variable, true, false or nil. */
	STEER_LUA_TABLE,  /*!< Its parts are values, and fields. */
	STEER_LUA_FIELD,  /*!< A key, as text; its part is the value. */
	STEER_LUA_CALL,   /*!< A name; its parts are the arguments. */
	STEER_LUA_IF,     /*!< Its parts are conditions, a value after each, and maybe a last value. */
	STEER_LUA_OR,     /*!< A condition: one of its parts, each STEER_LUA_AND. */
	STEER_LUA_AND,    /*!< All of its parts: STEER_LUA_EQUAL, STEER_LUA_OR. */
	STEER_LUA_EQUAL,  /*!< Two values or, if it has one part, that is true. */
} steer_lua_kind_t;

typedef struct {
	uint8_t kind;
	uint32_t text; /*!< Offset in the texts. */
	uint32_t next; /*!< Number of the first node that is not part of it. */
} steer_lua_node_t;

/*! Zeroed memory has no nodes. */
typedef struct {
	steer_lua_node_t *nodes; /*!< The first one is the root. */
	uint32_t count;
	size_t room;
	char *texts;             /*!< NUL-terminated. */
	size_t texts_len, texts_room;
} steer_lua_tree_t;

/*!
 * Reads code into a tree, in place of what it held.
 *
 * \param[out] why  What is wrong with the code, at least STEER_LUA_WHY bytes.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  It is no such code.
 */
int steer_lua_parse(steer_lua_tree_t *tree, const char *code, size_t len, char *why);
/*! Room for what is wrong. */
#define STEER_LUA_WHY 160
void steer_lua_tree_free(steer_lua_tree_t *tree);

/*! Walks over the parts of a node. \param[in] part  The last one; NULL: begin. \return NULL: end */
const steer_lua_node_t *steer_lua_next(const steer_lua_tree_t *tree, const steer_lua_node_t *node,
                                       const steer_lua_node_t *part);

static inline const char *steer_lua_text(const steer_lua_tree_t *tree, const steer_lua_node_t *node)
{
	return tree->texts + node->text;
}
