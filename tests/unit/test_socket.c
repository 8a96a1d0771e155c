/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/socket.h"
#include "unit/stores.h"
#include "unit/test.h"

static void listen_must(steer_socket_t *one, const place_t *place)
{
	steer_fault_t fault;
	must(steer_store_listen(one, place->store, &fault), &fault);
}

/*! Connects, and says whether that arrives at a socket. */
static int try_connect(const place_t *place, const steer_socket_t *at)
{
	steer_fault_t fault;
	int fd, ret = steer_store_connect(place->store, &fd, &fault);
	if (ret != STEER_OK) {
		return ret;
	}
	int came = accept(at->fd, NULL, NULL);
	assert_true(came >= 0);
	close(came);
	close(fd);
	return ret;
}

/*! Closes a socket as the death of its process does. */
static void leave_behind(steer_socket_t *one)
{
	close(one->fd);
	close(one->folder);
}

static void the_socket_of_a_store_has_its_mode_and_goes_with_its_steerd(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_socket_t one;
	struct stat st;
	mode_t mask = umask(007);
	listen_must(&one, &place);
	umask(mask);
	assert_int_equal(stat(path_in(place.dir, STEER_SOCKET_FILE), &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0660);
	assert_int_equal(try_connect(&place, &one), STEER_OK);
	assert_true(steer_store_has_socket(place.store, &one));
	steer_socket_close(&one);
	assert_false(steer_store_has_socket(place.store, &one));
	assert_int_equal(access(path_in(place.dir, STEER_SOCKET_FILE), F_OK), -1);
	assert_int_equal(try_connect(&place, &one), STEER_ENOENT);
	place_free(&place);
}

static void a_socket_left_behind_is_replaced(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_socket_t one, two;
	listen_must(&one, &place);
	leave_behind(&one);
	assert_int_equal(try_connect(&place, &one), STEER_ENOENT);
	listen_must(&one, &place);
	assert_int_equal(try_connect(&place, &one), STEER_OK);
	// Another one has its place: it is not removed with the first.
	listen_must(&two, &place);
	assert_false(steer_store_has_socket(place.store, &one));
	steer_socket_close(&one);
	assert_int_equal(try_connect(&place, &two), STEER_OK);
	steer_socket_close(&two);
	place_free(&place);
}

static void what_is_not_a_socket_of_the_store_is_left_alone(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	steer_socket_t one, other;
	int fd;
	char *path = strdup(path_in(place.dir, STEER_SOCKET_FILE));
	char *elsewhere = strdup(path_in(place.dir, "other.sock"));
	must(steer_socket_listen(&other, elsewhere, &fault), &fault);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_int_equal(steer_store_listen(&one, place.store, &fault), STEER_EACCES);
	assert_int_equal(steer_store_connect(place.store, &fd, &fault), STEER_EACCES);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link(elsewhere, path), 0); // It could be the socket of anybody.
	assert_int_equal(steer_store_connect(place.store, &fd, &fault), STEER_EACCES);
	assert_int_equal(unlink(path), 0);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(steer_store_listen(&one, place.store, &fault), STEER_EACCES);
	assert_int_equal(steer_store_connect(place.store, &fd, &fault), STEER_EACCES);
	assert_int_equal(access(path, F_OK), 0);
	steer_socket_close(&other);
	free(path);
	free(elsewhere);
	place_free(&place);
}

static void the_path_of_a_store_may_be_longer_than_an_address(void **state)
{
	(void)state;
	char *temp = temp_new(), dir[512];
	snprintf(dir, sizeof(dir), "%s", temp);
	for (unsigned i = 0; i < 3; i++) {
		char name[101] = "";
		memset(name, 'a' + i, sizeof(name) - 1);
		strcat(strcat(dir, "/"), name);
		assert_int_equal(mkdir(dir, 0700), 0);
	}
	store_init(dir);
	place_t place = { .dir = dir, .store = store_open(dir, STEER_STORE_WRITE) };
	steer_socket_t one;
	listen_must(&one, &place);
	assert_int_equal(try_connect(&place, &one), STEER_OK);
	steer_socket_close(&one);
	steer_store_close(place.store);
	temp_free(temp);
}

static void a_path_on_which_others_listen_is_refused(void **state)
{
	(void)state;
	char *temp = temp_new();
	steer_fault_t fault;
	steer_socket_t one, two;
	char *path = strdup(path_in(temp, "a.sock"));
	must(steer_socket_listen(&one, path, &fault), &fault);
	assert_int_equal(steer_socket_listen(&two, path, &fault), STEER_EEXIST);
	assert_non_null(strstr(fault.text, "another program listens there"));
	leave_behind(&one);
	must(steer_socket_listen(&two, path, &fault), &fault);
	steer_socket_close(&two);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(steer_socket_listen(&two, path, &fault), STEER_EEXIST);
	assert_non_null(strstr(fault.text, "is not a socket"));
	assert_int_equal(steer_socket_listen(&two, path_in(temp, "no/a.sock"), &fault), STEER_EIO);
	free(path);
	temp_free(temp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_socket_of_a_store_has_its_mode_and_goes_with_its_steerd),
		cmocka_unit_test(a_socket_left_behind_is_replaced),
		cmocka_unit_test(what_is_not_a_socket_of_the_store_is_left_alone),
		cmocka_unit_test(the_path_of_a_store_may_be_longer_than_an_address),
		cmocka_unit_test(a_path_on_which_others_listen_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
