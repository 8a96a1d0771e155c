/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A bijection of 64 bits in which each input bit changes half of the output bits.
 *
 * Threads:  pure; any thread.
 * Sources:  the last steps of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
 *           number generators", 2014), with the constants of Stafford's variant 13.
 */
#pragma once

#include <stdint.h>

static inline uint64_t steer_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}
