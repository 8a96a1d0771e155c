# SPDX-License-Identifier: GPL-3.0-or-later

# STEER_LTO
# ---------
# --disable-lto: by default the modules are optimized as a whole if the compiler is GCC; Clang's
# objects for that need an archiver and a linker of its own. Sanitizers name functions of the source
# in their reports, so not with these. Sets lto_CFLAGS for what the modules consist of, lto_LDFLAGS
# to link them, and nolto_LDFLAGS for programs, which take the objects as they were compiled: there
# are many, and some of them replace functions when they are linked.
AC_DEFUN([STEER_LTO], [
  AC_ARG_ENABLE([lto],
    [AS_HELP_STRING([--disable-lto], [do not optimize the modules when they are linked])],
    [], [enable_lto=auto])
  AS_CASE([$enable_lto],
    [auto|yes|no], [],
    [AC_MSG_ERROR([--enable-lto=$enable_lto; allowed: yes, no])])
  lto_CFLAGS=
  lto_LDFLAGS=
  nolto_LDFLAGS=
  steer_lto_not=
  AS_IF([test "$with_sanitizer$enable_fuzzing" != nono], [steer_lto_not='with sanitizers'],
    [STEER_IF_CLANG([steer_lto_not='with Clang'])])
  AS_IF([test "$enable_lto" != no && test -z "$steer_lto_not"], [
    steer_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS -flto -ffat-lto-objects -flto-partition=one"
    AC_MSG_CHECKING([whether $CC optimizes at link time])
    AC_LINK_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       steer_lto_not="with $CC"])
    CFLAGS=$steer_save_CFLAGS
  ])
  AS_CASE([$enable_lto:$steer_lto_not],
    [no:*], [],
    [yes:?*], [AC_MSG_ERROR([--enable-lto is not possible $steer_lto_not])],
    [auto:?*], [enable_lto=no],
    [enable_lto=yes
     lto_CFLAGS='-flto -ffat-lto-objects'
     lto_LDFLAGS='-flto -flto-partition=one'
     nolto_LDFLAGS=-fno-lto])
  AC_SUBST([lto_CFLAGS])
  AC_SUBST([lto_LDFLAGS])
  AC_SUBST([nolto_LDFLAGS])
])
