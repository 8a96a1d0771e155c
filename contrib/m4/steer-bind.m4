# SPDX-License-Identifier: GPL-3.0-or-later

# STEER_BIND
# ----------
# --with-bind: whether the plugin of BIND is built; by default, it is if BIND's headers and
# libraries are there. Sets bind_CPPFLAGS, bind_LIBS and bindplugindir, from which named loads
# plugins by name. The source supports the versions listed.
AC_DEFUN([STEER_BIND], [
  AC_ARG_WITH([bind],
    [AS_HELP_STRING([--with-bind=auto|yes|no], [build the plugin of BIND [[auto]]])],
    [], [with_bind=auto])
  AC_ARG_WITH([bind-plugindir],
    [AS_HELP_STRING([--with-bind-plugindir=DIR],
      [where BIND's steer.so is installed [[named's plugin directory]]])],
    [], [with_bind_plugindir=yes])
  steer_bind_version=none
  AS_CASE([$with_bind],
    [no], [],
    [auto|yes], [STEER_BIND_FIND],
    [AC_MSG_ERROR([--with-bind=$with_bind; allowed: auto, yes, no])])
  AC_SUBST([bind_CPPFLAGS])
  AC_SUBST([bind_LIBS])
  AC_SUBST([bindplugindir])
  AM_CONDITIONAL([HAVE_BIND], [test "$steer_bind_version" != none])
])

# STEER_BIND_FIND
# ---------------
# Finds BIND. Its libraries have its whole version in their names, and the plugin is linked with
# them: a named of another version refuses to load it, since it has other structures.
AC_DEFUN([STEER_BIND_FIND], [
  steer_bind_why=
  # 9.18 needs the first two, 9.20 the third, to find its own headers in order.
  bind_CPPFLAGS='-D_GNU_SOURCE -DHAVE_STDATOMIC_H=1 -DRCU_MEMBARRIER'
  bind_LIBS='-lns -ldns -lisc -lisccfg'
  steer_save_CPPFLAGS=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $bind_CPPFLAGS"
  AC_CHECK_HEADER([ns/hooks.h], [], [steer_bind_why='ns/hooks.h is missing'])
  CPPFLAGS=$steer_save_CPPFLAGS
  AS_IF([test -z "$steer_bind_why"], [
    steer_save_LIBS=$LIBS
    LIBS="$bind_LIBS $LIBS"
    AC_MSG_CHECKING([for the libraries of BIND])
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
char ns_query_done(void);
char cfg_parse_buffer(void);
int main(void) { return ns_query_done() + cfg_parse_buffer(); }
      ]])], [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       steer_bind_why='libns or libisccfg is missing'])
    LIBS=$steer_save_LIBS
  ])
  AS_IF([test -z "$steer_bind_why"], [STEER_BIND_VERSION])
  AS_IF([test -n "$steer_bind_why"],
    [AS_IF([test "$with_bind" = yes],
      [AC_MSG_ERROR([the plugin of BIND cannot be built: $steer_bind_why])],
      [AC_MSG_NOTICE([the plugin of BIND is not built: $steer_bind_why])])])
])

# STEER_BIND_VERSION
# ------------------
# Sets steer_bind_version and bindplugindir, or steer_bind_why: what is in the way.
AC_DEFUN([STEER_BIND_VERSION], [
  steer_libns=`$CC -print-file-name=libns.so`
  steer_libns=`readlink -f "$steer_libns"`
  steer_bind_found=`AS_ECHO(["$steer_libns"]) |
    sed -n 's|.*/libns-\(@<:@0-9@:>@*\.@<:@0-9@:>@*\.@<:@0-9@:>@*\).*|\1|p'`
  AC_MSG_CHECKING([for the version of BIND])
  AC_MSG_RESULT([${steer_bind_found:-unknown}])
  AS_CASE([$steer_bind_found],
    [9.18.*|9.20.*],
      [steer_bind_version=$steer_bind_found],
    [steer_bind_why="BIND ${steer_bind_found:-of unknown version}; allowed: 9.18, 9.20"])
  AS_CASE([$with_bind_plugindir],
    [yes|no], [bindplugindir=`AS_DIRNAME(["$steer_libns"])`/bind],
    [bindplugindir=$with_bind_plugindir])
])
