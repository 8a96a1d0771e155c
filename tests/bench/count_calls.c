/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into knotd: counts, thread by thread, the calls that a query should not cost.
 *
 * The counts are in the file named by $BENCH_COUNTS, so that they can be read while knotd runs:
 * a row for each thread, a u64 for each call in the order of CALLS. recvmmsg tells which thread is
 * the UDP worker.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 256

#define CALLS(X) \
	X(recvmmsg) X(malloc) X(calloc) X(realloc) X(free) X(aligned_alloc) X(posix_memalign) \
	X(mmap) X(munmap) X(pthread_mutex_lock) X(pthread_mutex_trylock) X(pthread_rwlock_rdlock) \
	X(pthread_rwlock_wrlock) X(pthread_spin_lock) X(pthread_cond_wait) X(sem_wait)

enum {
#define X(call) CALL_##call,
	CALLS(X)
#undef X
	CALL_COUNT,
};

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *block);

static uint64_t unseen[THREADS][CALL_COUNT];
static uint64_t (*counts)[CALL_COUNT] = unseen;
static _Atomic unsigned threads;
static _Thread_local unsigned row;

static void count(unsigned call)
{
	if (row == 0) {
		row = atomic_fetch_add(&threads, 1) % THREADS + 1;
	}
	counts[row - 1][call]++;
}

/* Calls before the file exists are lost; they do not belong to a query. */
__attribute__((constructor))
static void map_counts(void)
{
	const char *path = getenv("BENCH_COUNTS");
	int fd = path == NULL ? -1 : open(path, O_RDWR);
	if (fd < 0) {
		return;
	}
	void *mapped = MAP_FAILED;
	if (ftruncate(fd, sizeof(unseen)) == 0) {
		mapped = mmap(NULL, sizeof(unseen), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	}
	close(fd);
	if (mapped != MAP_FAILED) {
		counts = mapped;
	}
}

/* The C library's allocator has aliases, which need no dlsym (that allocates). */

void *malloc(size_t size)
{
	count(CALL_malloc);
	return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	count(CALL_calloc);
	return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
	count(CALL_realloc);
	return __libc_realloc(old, size);
}

void free(void *block)
{
	count(CALL_free);
	__libc_free(block);
}

void *aligned_alloc(size_t align, size_t size)
{
	count(CALL_aligned_alloc);
	return __libc_memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
	count(CALL_posix_memalign);
	*block = __libc_memalign(align, size);
	return *block == NULL ? 12 : 0;
}

#define COUNTED(type, call, parameters, arguments) \
	type call parameters \
	{ \
		static type (*next) parameters; \
		if (next == NULL) { \
			next = (type (*) parameters)dlsym(RTLD_NEXT, #call); \
		} \
		count(CALL_##call); \
		return next arguments; \
	}

COUNTED(int, recvmmsg, (int fd, struct mmsghdr *messages, unsigned length, int flags,
        struct timespec *timeout), (fd, messages, length, flags, timeout))
COUNTED(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
        (at, size, protection, flags, fd, offset))
COUNTED(int, munmap, (void *at, size_t size), (at, size))
COUNTED(int, pthread_mutex_lock, (pthread_mutex_t *lock), (lock))
COUNTED(int, pthread_mutex_trylock, (pthread_mutex_t *lock), (lock))
COUNTED(int, pthread_rwlock_rdlock, (pthread_rwlock_t *lock), (lock))
COUNTED(int, pthread_rwlock_wrlock, (pthread_rwlock_t *lock), (lock))
COUNTED(int, pthread_spin_lock, (pthread_spinlock_t *lock), (lock))
COUNTED(int, pthread_cond_wait, (pthread_cond_t *cond, pthread_mutex_t *lock), (cond, lock))
COUNTED(int, sem_wait, (sem_t *semaphore), (semaphore))
