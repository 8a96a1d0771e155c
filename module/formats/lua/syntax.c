/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/lua/syntax.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "steer/error.h"

typedef enum { TOKEN_END, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_NAME, TOKEN_SIGN, TOKEN_WRONG } token_t;

/*! A reading. */
typedef struct {
	steer_lua_tree_t *tree;
	const char *code;
	size_t len, at;
	unsigned depth;
	token_t token;      /*!< The next one. */
	size_t begin;       /*!< Where it begins; it ends at at. */
	uint32_t text;      /*!< Of TOKEN_TEXT. */
	char *why;
	int ret;            /*!< Other than STEER_OK: reading has ended, and why was told. */
} parse_t;

/* Errors. */

static bool refuse(parse_t *parse, const char *what)
{
	char shown[STEER_SHOWN];
	if (parse->ret == STEER_OK) {
		const size_t len = parse->at - parse->begin;
		snprintf(parse->why, STEER_LUA_WHY, "%s, %s%s%s", what, len > 0 ? "near '" : "at its end",
		         len > 0 ? steer_shown(shown, parse->code + parse->begin, len) : "",
		         len > 0 ? "'" : "");
		parse->ret = STEER_EINVAL;
	}
	return false;
}

static bool no_memory(parse_t *parse)
{
	parse->ret = STEER_ENOMEM;
	return false;
}

/* Tokens. */

/*! Adds a byte to the texts; the first one begins a text. */
static bool put(parse_t *parse, char byte)
{
	steer_lua_tree_t *tree = parse->tree;
	char *texts = steer_array_grown(tree->texts, &tree->texts_room, tree->texts_len + 1, 1);
	if (texts == NULL) {
		return no_memory(parse);
	}
	tree->texts = texts;
	texts[tree->texts_len++] = byte;
	return true;
}

/*! Keeps a part of the code as a text. \param[out] text  Its offset. */
static bool keep(parse_t *parse, size_t from, size_t to, uint32_t *text)
{
	*text = parse->tree->texts_len;
	for (; from < to; from++) {
		if (!put(parse, parse->code[from])) {
			return false;
		}
	}
	return put(parse, '\0');
}

/*! Whether a comment begins here that ends with its line; one in brackets is refused. */
static bool is_comment(const char *at, size_t len)
{
	return len >= 2 && at[0] == '-' && at[1] == '-' && (len == 2 || at[2] != '[');
}

/*! Passes blanks, and comments to the end of the line. */
static void skip_blanks(parse_t *parse)
{
	while (parse->at < parse->len) {
		const char *at = parse->code + parse->at;
		if (isspace((unsigned char)*at)) {
			parse->at++;
		} else if (is_comment(at, parse->len - parse->at)) {
			const char *newline = memchr(at, '\n', parse->len - parse->at);
			parse->at = newline != NULL ? (size_t)(newline - parse->code) : parse->len;
		} else {
			return;
		}
	}
}

/*! Reads an escape after its backslash. */
static bool take_escape(parse_t *parse)
{
	static const char from[] = "abfnrtv\\\"'\n", to[] = "\a\b\f\n\r\t\v\\\"'\n";
	const char *code = parse->code;
	unsigned byte = 0, digits = 0;
	for (; digits < 3 && parse->at < parse->len && isdigit((unsigned char)code[parse->at]);
	     digits++) {
		byte = byte * 10 + (code[parse->at++] - '0');
	}
	if (digits > 0) {
		return byte > 0 && byte <= 255 ? put(parse, byte) : refuse(parse, "an escape of no byte");
	}
	const char *found = parse->at < parse->len && code[parse->at] != '\0'
	                    ? strchr(from, code[parse->at]) : NULL;
	if (found == NULL) {
		return refuse(parse, "an escape that is not known");
	}
	parse->at++;
	return put(parse, to[found - from]);
}

static bool take_text(parse_t *parse)
{
	const char quote = parse->code[parse->at++];
	parse->token = TOKEN_TEXT;
	parse->text = parse->tree->texts_len;
	while (parse->at < parse->len && parse->code[parse->at] != quote) {
		const char c = parse->code[parse->at++];
		if (c == '\0' || c == '\n') {
			return refuse(parse, "a text over several lines");
		}
		if (!(c == '\\' ? take_escape(parse) : put(parse, c))) {
			return false;
		}
	}
	if (parse->at == parse->len) {
		return refuse(parse, "a text without its closing quote");
	}
	parse->at++;
	return put(parse, '\0');
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*! Reads the next token. */
static bool advance(parse_t *parse)
{
	skip_blanks(parse);
	parse->begin = parse->at;
	if (parse->at == parse->len) {
		parse->token = TOKEN_END;
		return true;
	}
	const char c = parse->code[parse->at];
	if (c == '\'' || c == '"') {
		return take_text(parse);
	}
	if (!is_name(c)) {
		const bool two = parse->len - parse->at >= 2 && strchr("=~<>.", c) != NULL &&
		                 parse->code[parse->at + 1] == (c == '.' ? '.' : '=');
		parse->token = TOKEN_SIGN;
		parse->at += two ? 2 : 1;
		return true;
	}
	bool digits = true;
	for (; parse->at < parse->len && is_name(parse->code[parse->at]); parse->at++) {
		digits = digits && isdigit((unsigned char)parse->code[parse->at]);
	}
	parse->token = digits ? TOKEN_NUMBER
	               : isdigit((unsigned char)c) ? TOKEN_WRONG : TOKEN_NAME;
	return true;
}

/*! Whether the next token is a word or a sign. */
static bool is_next(const parse_t *parse, const char *token)
{
	const size_t len = parse->at - parse->begin;
	return (parse->token == TOKEN_NAME || parse->token == TOKEN_SIGN) && strlen(token) == len &&
	       memcmp(parse->code + parse->begin, token, len) == 0;
}

/*! Passes a token if it is the next one. \return false: it is not, or reading has ended */
static bool pass(parse_t *parse, const char *token)
{
	return is_next(parse, token) && advance(parse);
}

static bool need(parse_t *parse, const char *token)
{
	char what[32];
	if (is_next(parse, token)) {
		return advance(parse);
	}
	snprintf(what, sizeof(what), "no '%s'", token);
	return refuse(parse, what);
}

/* Nodes. */

static bool add(parse_t *parse, steer_lua_kind_t kind, uint32_t text, uint32_t *number)
{
	steer_lua_tree_t *tree = parse->tree;
	if (tree->count == STEER_LUA_NODES_MAX) {
		return refuse(parse, "more values than fit");
	}
	steer_lua_node_t *nodes = steer_array_grown(tree->nodes, &tree->room, tree->count + 1,
	                                            sizeof(*nodes));
	if (nodes == NULL) {
		return no_memory(parse);
	}
	tree->nodes = nodes;
	nodes[tree->count] = (steer_lua_node_t) {
		.kind = kind, .text = text, .next = tree->count + 1,
	};
	*number = tree->count++;
	return true;
}

/*! Ends a node: what was added since is its part. */
static bool end(parse_t *parse, uint32_t number)
{
	parse->tree->nodes[number].next = parse->tree->count;
	return true;
}

/*! Adds a node without parts for the next token, and passes it. */
static bool add_token(parse_t *parse, steer_lua_kind_t kind)
{
	uint32_t text = parse->text, number;
	return (kind == STEER_LUA_TEXT || keep(parse, parse->begin, parse->at, &text)) &&
	       add(parse, kind, text, &number) && advance(parse);
}

static bool deeper(parse_t *parse)
{
	return parse->depth++ < STEER_LUA_DEPTH ? true : refuse(parse, "nested too deeply");
}

static bool parse_value(parse_t *parse);

/*! Whether a name and an equals sign follow: the key of a field. */
static bool is_key(const parse_t *parse)
{
	size_t at = parse->at;
	while (at < parse->len && isspace((unsigned char)parse->code[at])) {
		at++;
	}
	return parse->token == TOKEN_NAME && at < parse->len && parse->code[at] == '=' &&
	       (at + 1 == parse->len || parse->code[at + 1] != '=');
}

static bool parse_field(parse_t *parse)
{
	uint32_t text, number;
	if (is_key(parse)) {
		return keep(parse, parse->begin, parse->at, &text) &&
		       add(parse, STEER_LUA_FIELD, text, &number) && advance(parse) &&
		       need(parse, "=") && parse_value(parse) && end(parse, number);
	}
	if (!is_next(parse, "[")) {
		return parse_value(parse);
	}
	if (!advance(parse)) {
		return false;
	}
	text = parse->text;
	if (parse->token != TOKEN_TEXT) {
		return refuse(parse, "a key that is no text in quotes");
	}
	return add(parse, STEER_LUA_FIELD, text, &number) && advance(parse) && need(parse, "]") &&
	       need(parse, "=") && parse_value(parse) && end(parse, number);
}

static bool parse_table(parse_t *parse)
{
	uint32_t number;
	if (!deeper(parse) || !add(parse, STEER_LUA_TABLE, 0, &number) || !need(parse, "{")) {
		return false;
	}
	while (!is_next(parse, "}")) {
		if (!parse_field(parse)) {
			return false;
		}
		if (!is_next(parse, "}") && !pass(parse, ",") && !need(parse, ";")) {
			return false;
		}
	}
	parse->depth--;
	return end(parse, number) && advance(parse);
}

/*! Parses the arguments of a call: in parentheses, or one text or table. */
static bool parse_arguments(parse_t *parse)
{
	if (!is_next(parse, "(")) {
		return parse_value(parse);
	}
	if (!deeper(parse) || !advance(parse)) {
		return false;
	}
	while (!is_next(parse, ")")) {
		if (!parse_value(parse)) {
			return false;
		}
		if (!is_next(parse, ")") && (!need(parse, ",") || is_next(parse, ")"))) {
			return refuse(parse, "no argument");
		}
	}
	parse->depth--;
	return advance(parse);
}

static bool is_reserved(const parse_t *parse)
{
	static const char *const words[] = {
		"and", "break", "do", "else", "elseif", "end", "for", "function", "goto", "if", "in",
		"local", "not", "or", "repeat", "return", "then", "until", "while",
	};
	size_t i = 0;
	while (i < sizeof(words) / sizeof(*words) && !is_next(parse, words[i])) {
		i++;
	}
	return i < sizeof(words) / sizeof(*words);
}

static bool parse_name(parse_t *parse)
{
	uint32_t text, number;
	if (is_reserved(parse)) {
		return refuse(parse, "not a value that is known");
	}
	if (!keep(parse, parse->begin, parse->at, &text) ||
	    !add(parse, STEER_LUA_NAME, text, &number) || !advance(parse)) {
		return false;
	}
	if (!is_next(parse, "(") && !is_next(parse, "{") && parse->token != TOKEN_TEXT) {
		return true;
	}
	parse->tree->nodes[number].kind = STEER_LUA_CALL;
	return parse_arguments(parse) && end(parse, number);
}

static bool parse_value(parse_t *parse)
{
	if (parse->token == TOKEN_TEXT) {
		return add_token(parse, STEER_LUA_TEXT);
	}
	if (parse->token == TOKEN_NUMBER) {
		return add_token(parse, STEER_LUA_NUMBER);
	}
	if (parse->token == TOKEN_NAME) {
		return parse_name(parse);
	}
	if (is_next(parse, "{")) {
		return parse_table(parse);
	}
	if (!is_next(parse, "(")) {
		return refuse(parse, "not a value that is known");
	}
	if (!deeper(parse) || !advance(parse) || !parse_value(parse) || !need(parse, ")")) {
		return false;
	}
	parse->depth--;
	return true;
}

static bool parse_condition(parse_t *parse);

/*! Parses a value that is true, an equation, or a condition in parentheses. */
static bool parse_operand(parse_t *parse)
{
	uint32_t number;
	if (is_next(parse, "(")) {
		if (!deeper(parse) || !advance(parse) || !parse_condition(parse) || !need(parse, ")")) {
			return false;
		}
		parse->depth--;
		return true;
	}
	if (!add(parse, STEER_LUA_EQUAL, 0, &number) || !parse_value(parse)) {
		return false;
	}
	if (pass(parse, "==") && !parse_value(parse)) {
		return false;
	}
	return parse->ret == STEER_OK && end(parse, number);
}

static bool parse_all(parse_t *parse)
{
	uint32_t number;
	if (!add(parse, STEER_LUA_AND, 0, &number) || !parse_operand(parse)) {
		return false;
	}
	while (pass(parse, "and")) {
		if (!parse_operand(parse)) {
			return false;
		}
	}
	return parse->ret == STEER_OK && end(parse, number);
}

static bool parse_condition(parse_t *parse)
{
	uint32_t number;
	if (!add(parse, STEER_LUA_OR, 0, &number) || !parse_all(parse)) {
		return false;
	}
	while (pass(parse, "or")) {
		if (!parse_all(parse)) {
			return false;
		}
	}
	return parse->ret == STEER_OK && end(parse, number);
}

/*! Parses what a branch returns. */
static bool parse_return(parse_t *parse)
{
	return need(parse, "return") && parse_value(parse) && (!is_next(parse, ";") || advance(parse));
}

/*! Parses one statement "if"; each of its branches returns. \param[out] last  It has an "else". */
static bool parse_if(parse_t *parse, bool *last)
{
	do {
		if (!advance(parse) || !parse_condition(parse) || !need(parse, "then") ||
		    !parse_return(parse)) {
			return false;
		}
	} while (is_next(parse, "elseif"));
	*last = is_next(parse, "else");
	if (*last && (!advance(parse) || !parse_return(parse))) {
		return false;
	}
	return need(parse, "end") && (!is_next(parse, ";") || advance(parse));
}

/*! Parses statements: since branches return, those behind an "if" are what else there is. */
static bool parse_statements(parse_t *parse)
{
	uint32_t number;
	bool last = false;
	while (is_next(parse, ";")) {
		if (!advance(parse)) {
			return false;
		}
	}
	if (is_next(parse, "return")) {
		return parse_return(parse);
	}
	if (!is_next(parse, "if")) {
		return refuse(parse, "neither a condition nor a value that is returned");
	}
	if (!add(parse, STEER_LUA_IF, 0, &number)) {
		return false;
	}
	while (!last && is_next(parse, "if")) {
		if (!parse_if(parse, &last)) {
			return false;
		}
	}
	if (!last && is_next(parse, "return") && !parse_return(parse)) {
		return false;
	}
	return end(parse, number);
}

int steer_lua_parse(steer_lua_tree_t *tree, const char *code, size_t len, char *why)
{
	parse_t parse = { .tree = tree, .code = code, .len = len, .why = why };
	tree->count = 0;
	tree->texts_len = 0;
	if (len > STEER_LUA_CODE_MAX) {
		snprintf(why, STEER_LUA_WHY, "%zu bytes, more than %d", len, STEER_LUA_CODE_MAX);
		return STEER_EINVAL;
	}
	const bool statements = len > 0 && code[0] == ';';
	parse.at = statements;
	if (put(&parse, '\0') && advance(&parse) &&
	    (statements ? parse_statements(&parse) : parse_value(&parse)) &&
	    parse.token != TOKEN_END) {
		refuse(&parse, "more than is known");
	}
	return parse.ret;
}

void steer_lua_tree_free(steer_lua_tree_t *tree)
{
	free(tree->nodes);
	free(tree->texts);
	*tree = (steer_lua_tree_t) { .nodes = NULL };
}

const steer_lua_node_t *steer_lua_next(const steer_lua_tree_t *tree, const steer_lua_node_t *node,
                                       const steer_lua_node_t *part)
{
	const uint32_t number = part != NULL ? part->next : node - tree->nodes + 1;
	return number < node->next ? &tree->nodes[number] : NULL;
}
