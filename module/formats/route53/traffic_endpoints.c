/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic_endpoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/regions.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/name_text.h"
#include "formats/route53/value.h"

/*! Regions whose endpoint of websites has no dot before it. */
static const char *const dashed[] = {
	"us-east-1", "us-west-1", "us-west-2", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2",
	"eu-west-1", "sa-east-1", "us-gov-west-1",
};

/*! The name of the websites of a region, which Route 53 answers for a bucket. */
static void website_of(const char *region, char *name, size_t size)
{
	char separator = '.';
	for (unsigned i = 0; i < sizeof(dashed) / sizeof(*dashed); i++) {
		separator = strcmp(dashed[i], region) == 0 ? '-' : separator;
	}
	snprintf(name, size, "s3-website%c%s.amazonaws.com%s", separator, region,
	         strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
}

static void keep_data(steer_route53_reading_t *reading, steer_traffic_endpoint_t *endpoint,
                      const uint8_t *data, size_t len)
{
	endpoint->data = malloc(len > 0 ? len : 1);
	if (endpoint->data == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	memcpy(endpoint->data, data, len);
	endpoint->len = len;
}

/*! Gets the name that stands for an AWS service. \return false: it is wrong */
static bool take_target(steer_route53_reading_t *reading, const steer_traffic_endpoint_t *endpoint,
                        bool website, const steer_field_at_t *value, uint8_t *name)
{
	const char *text = steer_json_text(value->json, value->value);
	char host[64 + STEER_REGION_NAME_MAX], shown[STEER_SHOWN];
	if (website) {
		steer_field_at_t field;
		const char *region = steer_field_need(reading, &endpoint->at, "Region",
		                                      "that of the bucket")
		                     ? steer_field_text(reading, &endpoint->at, "Region", &field) : NULL;
		if (region == NULL || !steer_route53_is_word(reading, &field, "Region", region)) {
			return false;
		}
		website_of(region, host, sizeof(host));
		text = host;
	}
	if (strlen(text) < STEER_NAME_TEXT && steer_name_parse(text, name) == STEER_OK) {
		return true;
	}
	steer_field_wrong(reading, value, "Value: '%s' is not a domain name; allowed: that of the AWS "
	                  "service", steer_shown(shown, text, strlen(text)));
	return false;
}

static void read_endpoint(steer_route53_reading_t *reading, uint16_t records,
                          steer_traffic_endpoint_t *endpoint)
{
	static const char *const keys[] = { "Type", "Region", "Value", NULL };
	static const char *const services[] = {
		"cloudfront", "application-load-balancer", "elastic-load-balancer",
		"network-load-balancer", "elastic-beanstalk", "s3-website",
	};
	steer_field_at_t type_field, value;
	char shown[STEER_SHOWN];
	steer_field_only(reading, &endpoint->at, keys);
	if (!steer_field_need(reading, &endpoint->at, keys[0], "such as value") ||
	    !steer_field_need(reading, &endpoint->at, keys[2], "what answers")) {
		return;
	}
	const char *type = steer_field_text(reading, &endpoint->at, keys[0], &type_field);
	if (type == NULL || steer_field_text(reading, &endpoint->at, keys[2], &value) == NULL) {
		return;
	}
	for (unsigned i = 0; i < sizeof(services) / sizeof(*services); i++) {
		endpoint->alias = endpoint->alias || strcmp(type, services[i]) == 0;
	}
	if (endpoint->alias) {
		uint8_t name[STEER_NAME_MAX];
		if (take_target(reading, endpoint, strcmp(type, "s3-website") == 0, &value, name)) {
			keep_data(reading, endpoint, name, steer_name_len(name));
		}
	} else if (strcmp(type, "value") == 0) {
		const uint8_t *rdata;
		uint16_t len;
		if (steer_route53_take_value(reading, &value, records, &rdata, &len)) {
			keep_data(reading, endpoint, rdata, len);
		}
	} else {
		steer_field_wrong(reading, &type_field, "Type: '%s'; allowed: value, cloudfront, "
		                  "application-load-balancer, elastic-load-balancer, "
		                  "network-load-balancer, elastic-beanstalk, s3-website",
		                  steer_shown(shown, type, strlen(type)));
	}
}

static int by_id(const void *a, const void *b)
{
	const steer_traffic_endpoint_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

void steer_traffic_endpoints_read(steer_traffic_endpoints_t *endpoints,
                                  steer_route53_reading_t *reading, const steer_field_at_t *object,
                                  uint16_t type)
{
	steer_field_at_t at = { object->json, NULL };
	const char *id;
	while (steer_field_next_named(reading, object, &id, &at)) {
		steer_traffic_endpoint_t *of = steer_array_grown(endpoints->of, &endpoints->room,
		                                                 endpoints->count + 1, sizeof(*of));
		if (of == NULL) {
			steer_field_no_memory(reading);
			return;
		}
		endpoints->of = of;
		of += endpoints->count++;
		*of = (steer_traffic_endpoint_t) { .id = id, .at = at };
		read_endpoint(reading, type, of);
	}
	if (endpoints->count > 0) {
		qsort(endpoints->of, endpoints->count, sizeof(*endpoints->of), by_id);
	}
}

steer_traffic_endpoint_t *steer_traffic_endpoint(const steer_traffic_endpoints_t *endpoints,
                                                 const char *id)
{
	const steer_traffic_endpoint_t wanted = { .id = id };
	return endpoints->count == 0 ? NULL : bsearch(&wanted, endpoints->of, endpoints->count,
	                                              sizeof(wanted), by_id);
}

void steer_traffic_endpoints_free(steer_traffic_endpoints_t *endpoints)
{
	for (uint32_t i = 0; i < endpoints->count; i++) {
		free(endpoints->of[i].data);
	}
	free(endpoints->of);
	*endpoints = (steer_traffic_endpoints_t) { .of = NULL };
}
