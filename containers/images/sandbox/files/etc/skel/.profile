# /etc/profile leaves out the administrator's programs; capsh, ldconfig and others are among them.
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
[ -r ~/.bashrc ] && . ~/.bashrc
