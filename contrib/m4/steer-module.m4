# SPDX-License-Identifier: GPL-3.0-or-later

# STEER_MODULE_ABI
# ----------------
# Sets steer_module_abi to the module ABI of the installed <knot/module.h>. The source supports the
# ones listed; knotd refuses a module built for another.
AC_DEFUN([STEER_MODULE_ABI], [
  steer_save_CPPFLAGS=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $knotd_CFLAGS $libknot_CFLAGS"
  AC_CHECK_HEADER([knot/module.h], [],
    [AC_MSG_ERROR([knot/module.h not found; it comes with Knot DNS's development files])])
  AC_MSG_CHECKING([for the module ABI of Knot DNS])
  AC_COMPUTE_INT([steer_module_abi], [KNOTD_MOD_ABI_VERSION], [@%:@include <knot/module.h>],
    [steer_module_abi=unknown])
  AC_MSG_RESULT([$steer_module_abi])
  CPPFLAGS=$steer_save_CPPFLAGS
  AS_CASE([$steer_module_abi],
    [400|600], [],
    [AC_MSG_ERROR([module ABI $steer_module_abi; allowed: 400 (Knot DNS 3.2), 600 (3.4, 3.5)])])
  steer_knotd_version=`$PKG_CONFIG --modversion knotd`
])

# STEER_MODULE_DIR
# ----------------
# Sets moduledir to the directory from which knotd loads modules by name.
AC_DEFUN([STEER_MODULE_DIR], [
  AC_ARG_WITH([moduledir],
    [AS_HELP_STRING([--with-moduledir=DIR],
      [where steer.so is installed [[knotd's module directory]]])],
    [], [with_moduledir=yes])
  AS_CASE([$with_moduledir],
    [yes|no], [moduledir=`$PKG_CONFIG --variable=module_instdir knotd`],
    [moduledir=$with_moduledir])
  AS_IF([test -z "$moduledir"],
    [AC_MSG_ERROR([knotd.pc does not tell the module directory; use --with-moduledir=DIR])])
  AC_SUBST([moduledir])
])
