set nocompatible backspace=indent,eol,start expandtab shiftwidth=2 tabstop=2 ruler
