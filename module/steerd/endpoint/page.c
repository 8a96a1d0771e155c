/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/endpoint/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

void *page_new(size_t size, const char *type, page_next_f next)
{
	page_t *page = calloc(1, size);
	if (page != NULL) {
		page->status = 200;
		page->type = type;
		page->next = next;
	}
	return page;
}

static bool next_value(page_t *page)
{
	page_list_t *list = (page_list_t *)page;
	size_t len = page->len;
	if (list->ended) {
		return false;
	}
	page_put(page, list->begun ? ",\n" : "[");
	if (!list->put(list)) {
		page->len = list->begun ? len : page->len;
		page_put(page, "]\n");
		list->ended = true;
	}
	list->begun = true;
	return true;
}

void *page_list_new(size_t size, bool (*put)(page_list_t *list))
{
	page_list_t *list = page_new(size, "application/json", next_value);
	if (list != NULL) {
		list->put = put;
	}
	return list;
}

void page_free(page_t *page)
{
	free(page);
}

static bool no_more(page_t *page)
{
	(void)page;
	return false;
}

page_t *page_text(unsigned status, const char *text)
{
	page_t *page = page_new(sizeof(*page), "text/plain; charset=utf-8", no_more);
	if (page != NULL) {
		page->status = status;
		steer_utf8_mask(page->piece, PAGE_PIECE - 1, text, strlen(text));
		page->len = strlen(page->piece);
		page_put(page, "\n");
	}
	return page;
}

const char *page_state_name(steer_probed_t probed)
{
	static const char *const names[PAGE_STATES] = {
		[STEER_PROBED_UNKNOWN] = "unknown", [STEER_PROBED_UP] = "up", [STEER_PROBED_DOWN] = "down",
	};
	return names[probed];
}

size_t page_read(page_t *page, char *buf, size_t size)
{
	size_t got = 0;
	for (;;) {
		size_t left = page->len - page->sent, take = left < size - got ? left : size - got;
		memcpy(buf + got, page->piece + page->sent, take);
		page->sent += take;
		got += take;
		if (got == size) {
			return got;
		}
		page->len = page->sent = 0;
		if (!page->next(page)) {
			return got;
		}
	}
}

void page_put(page_t *page, const char *format, ...)
{
	size_t room = PAGE_PIECE - page->len;
	va_list args;
	va_start(args, format);
	size_t len = vsnprintf(page->piece + page->len, room, format, args);
	va_end(args);
	page->len += len < room ? len : room - 1;
}

void page_put_quoted(page_t *page, const char *text)
{
	char masked[STEER_MASKED(REASON_SIZE)], quoted[2 * sizeof(masked)], *to = quoted;
	steer_utf8_mask(masked, sizeof(masked), text, strnlen(text, REASON_SIZE));
	for (const char *from = masked; *from != '\0'; from++) {
		if (*from == '"' || *from == '\\') {
			*to++ = '\\';
		}
		*to++ = *from;
	}
	*to = '\0';
	page_put(page, "\"%s\"", quoted);
}
