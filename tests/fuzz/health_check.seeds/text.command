command
command=/bin/true
command=
command=a b
command=x
timeout=5s
