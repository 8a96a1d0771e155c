/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Binary heaps in arrays, for elements that are often compared and rarely moved.
 *
 * Threads:  a heap belongs to its user.
 * Memory:   the user's array.
 */
#pragma once

/*!
 * Defines the functions of a heap.
 *
 * NAME_sift(heap, count, at) moves an element down to its place; NAME_make(heap, count) turns an
 * array into a heap.
 *
 * \param front  front(a, b), with two pointers: whether a belongs closer to the front than b.
 */
#define STEER_HEAP(name, type, front) \
	static void name##_sift(type *heap, unsigned count, unsigned at) \
	{ \
		const type moved = heap[at]; \
		for (unsigned child; (child = 2 * at + 1) < count; at = child) { \
			child += child + 1 < count && front(&heap[child + 1], &heap[child]); \
			if (!front(&heap[child], &moved)) { \
				break; \
			} \
			heap[at] = heap[child]; \
		} \
		heap[at] = moved; \
	} \
	\
	static void name##_make(type *heap, unsigned count) \
	{ \
		for (unsigned i = count / 2; i > 0; i--) { \
			name##_sift(heap, count, i - 1); \
		} \
	}
