/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/distance.h"
#include "unit/count.h"
#include "unit/test.h"

/*! Rule GP4: by the haversine formula in double precision, on a sphere of 6,371,008.8 m. */
static const struct {
	const char *what;
	steer_coordinates_t a, b;
	uint32_t metres, error;
} cases[] = {
	{ "the same place", { 5991, 1075 }, { 5991, 1075 }, 0, 0 },
	{ "a hundredth of a degree north", { 0, 0 }, { 1, 0 }, 1112, 1 },
	{ "a hundredth of a degree east, near the pole", { 8900, 0 }, { 8900, 1 }, 19, 1 },
	{ "Oslo to Ashburn", { 5991, 1075 }, { 3904, -7749 }, 6244209, 1 },
	{ "Frankfurt to Sao Paulo", { 5011, 868 }, { -2355, -4663 }, 9828948, 1 },
	{ "Sydney to Santiago, over the date line", { -3387, 15121 }, { -3345, -7067 }, 11346447, 1 },
	{ "either side of the date line", { 0, 17999 }, { 0, -17999 }, 2224, 1 },
	{ "a quarter of a circle", { 0, 0 }, { 0, 9000 }, 10007557, 1 },
	{ "from pole to pole", { 9000, 0 }, { -9000, 0 }, 20015114, 1 },
	{ "a longitude at the pole", { 9000, 0 }, { 9000, 18000 }, 0, 0 },
	{ "almost half a circle", { 0, 0 }, { 1, 17999 }, 20013542, 600 },
	{ "a third of a circle, where the series change", { 0, 0 }, { 0, 6000 }, 6671705, 1 },
	{ "a little more", { 0, 0 }, { 0, 6001 }, 6672817, 1 },
};

static void distances_are_those_of_a_sphere(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const uint32_t distance = steer_distance(cases[i].a, cases[i].b);
		assert_in_range(distance, cases[i].metres - cases[i].error,
		                cases[i].metres + cases[i].error);
		assert_int_equal(distance, steer_distance(cases[i].b, cases[i].a));
	}
}

static void no_distance_is_larger_than_half_a_circle(void **state)
{
	(void)state;
	for (int lat = -9000; lat <= 9000; lat += 100) {
		for (int lon = -18000; lon <= 18000; lon += 600) {
			const steer_coordinates_t here = { lat, lon }, there = { -lat, lon - 18000 };
			assert_int_equal(steer_distance(here, here), 0);
			if (lon >= 0) {
				assert_in_range(steer_distance(here, there), 20014000, STEER_DISTANCE_MAX);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_those_of_a_sphere),
		cmocka_unit_test(no_distance_is_larger_than_half_a_circle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
