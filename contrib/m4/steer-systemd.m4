# SPDX-License-Identifier: GPL-3.0-or-later

# STEER_SYSTEMD
# -------------
# --with-systemdsystemunitdir=DIR: sets systemdsystemunitdir. By default it is that of systemd, or
# below the prefix if this is not /usr, so that an installation in one's own folder works.
AC_DEFUN([STEER_SYSTEMD], [
  AC_ARG_WITH([systemdsystemunitdir],
    [AS_HELP_STRING([--with-systemdsystemunitdir=DIR], [directory of systemd units])],
    [], [
      AS_IF([test "x$prefix" = x/usr],
        [with_systemdsystemunitdir=`$PKG_CONFIG --variable=systemdsystemunitdir systemd`])
      AS_IF([test -z "$with_systemdsystemunitdir"],
        [with_systemdsystemunitdir='${prefix}/lib/systemd/system'])
    ])
  AC_SUBST([systemdsystemunitdir], [$with_systemdsystemunitdir])
])
