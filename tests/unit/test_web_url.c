/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steer/fault.h"
#include "steerd/probe/web_url.h"
#include "unit/test.h"

static void makes_urls(void **state)
{
	(void)state;
	static const struct {
		bool secure;
		const char *host;
		uint16_t port;
		const char *path, *text;
	} cases[] = {
		{ false, "www.example.com", 80, "/", "http://www.example.com:80/" },
		{ true, "www.example.com", 8443, "/a/../b?c=%20", "https://www.example.com:8443/a/../b?c=%20" },
		{ false, "192.0.2.1", 80, "/", "http://192.0.2.1:80/" },
		{ true, "2001:db8::1", 443, "/", "https://[2001:db8::1]:443/" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		web_url_t url;
		assert_int_equal(web_url_make(&url, cases[i].secure, cases[i].host, cases[i].port,
		                              cases[i].path), STEER_OK);
		assert_string_equal(url.text, cases[i].text);
		assert_string_equal(url.host, cases[i].host);
		assert_int_equal(url.port, cases[i].port);
		web_url_free(&url);
	}
}

static void follows_redirects(void **state)
{
	(void)state;
	static const struct {
		const char *location, *text; /*!< NULL: it is refused. */
		const char *host;
		bool same;
	} cases[] = {
		{ "/next", "http://www.example.com:8080/next", "www.example.com", true },
		{ "next", "http://www.example.com:8080/a/next", "www.example.com", true },
		{ "../up", "http://www.example.com:8080/up", "www.example.com", true },
		{ "?d=e", "http://www.example.com:8080/a/b?d=e", "www.example.com", true },
		{ "/next#part", "http://www.example.com:8080/next", "www.example.com", true },
		{ "/with space", "http://www.example.com:8080/with%20space", "www.example.com", true },
		{ "http://www.example.com:8080/a b", "http://www.example.com:8080/a%20b", "www.example.com",
		  true },
		{ "//other.example.net/x", "http://other.example.net:80/x", "other.example.net", false },
		{ "http://WWW.example.com:8080", "http://WWW.example.com:8080/", "WWW.example.com", true },
		{ "http://www.example.com/", "http://www.example.com:80/", "www.example.com", false },
		{ "https://www.example.com:8080/", "https://www.example.com:8080/", "www.example.com",
		  false },
		{ "https://[2001:db8::1]/?q", "https://[2001:db8::1]:443/?q", "2001:db8::1", false },
		{ "HTTP://192.0.2.1:81/", "http://192.0.2.1:81/", "192.0.2.1", false },
		{ "http://user:secret@192.0.2.1/", "http://192.0.2.1:80/", "192.0.2.1", false },
		{ "ftp://www.example.com/", NULL, NULL, false },
		{ "file:///etc/passwd", NULL, NULL, false },
		{ "javascript:alert(1)", NULL, NULL, false },
		{ "http://", NULL, NULL, false },
		{ "http://a b/", NULL, NULL, false },
		{ "http://www.example.com:99999/", NULL, NULL, false },
	};
	web_url_t from, url;
	assert_int_equal(web_url_make(&from, false, "www.example.com", 8080, "/a/b?c=1"), STEER_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		print_message("# '%s'\n", cases[i].location);
		int ret = web_url_follow(&url, &from, cases[i].location);
		assert_int_equal(ret, cases[i].text != NULL ? STEER_OK : STEER_EINVAL);
		if (ret == STEER_OK) {
			assert_string_equal(url.text, cases[i].text);
			assert_string_equal(url.host, cases[i].host);
			assert_int_equal(web_url_is_same_server(&url, &from), cases[i].same);
			web_url_free(&url);
		}
	}
	web_url_free(&from);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_urls),
		cmocka_unit_test(follows_redirects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
