/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/steerd_page.h"

#include <stdlib.h>
#include <unistd.h>

#include "ctl/http_get.h"
#include "store/socket.h"

int steerd_page(const steer_store_t *store, const char *page, json_t **array,
                steer_fault_t *fault)
{
	char *body;
	size_t len;
	int fd, ret = steer_store_connect(store, &fd, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = http_get(fd, page, &body, &len, fault);
	close(fd);
	if (ret != STEER_OK) {
		return ret;
	}
	json_t *value = json_loadb(body, len, 0, NULL);
	free(body);
	if (!json_is_array(value)) {
		json_decref(value);
		return steer_fault(fault, STEER_EIO, "steerd gives no good answer");
	}
	*array = value;
	return STEER_OK;
}

uint64_t steerd_page_number(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));
	return value > 0 ? value : 0;
}
