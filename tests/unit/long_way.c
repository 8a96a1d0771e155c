/* SPDX-License-Identifier: GPL-3.0-or-later */
#undef STEER_WITHOUT_PRESETS
#define STEER_WITHOUT_PRESETS
#undef STEER_WITHOUT_FEW_LEVELS
#define STEER_WITHOUT_FEW_LEVELS

/* The functions of these files that others see, by other names. */
#define steer_pick         long_pick
#define steer_pick_reached long_pick_reached
#define steer_policy_run   long_policy_run
#define steer_policy_up    long_policy_up

#include "core/policy.c"
#include "core/pick.c"
#include "unit/long_way.h"
