# Interactive shells of the learner.
case $- in *i*) ;; *) return ;; esac
HISTSIZE=5000
HISTFILESIZE=10000
HISTCONTROL=ignoredups
shopt -s checkwinsize histappend
PS1='\[\e[32m\]learner\[\e[0m\]:\[\e[34m\]\w\[\e[0m\]\$ '
alias ls='ls --color=auto' ll='ls -l' grep='grep --color=auto' vi=vim
[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
