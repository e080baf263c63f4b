_winnow() {
  local verb= sub= spider= place=0 kind= head= one
  local -a list
  _winnow_read "${(@Q)words[2,CURRENT-1]}"
  _winnow_choose "${(Q)PREFIX}"
  [[ -n $head ]] && compset -P '[^=]#='
  for one in ${=kind}; do
    case $one in
      @nothing) ;;
      @file) _files ;;
      @folder) _files -/ ;;
      @site)
        list=("$_winnow_folder"/*.toml(N:t:r))
        list=(${(M)list:#[a-z0-9_-]##})
        _describe -t sites site list
        ;;
      @option)
        _winnow_known $one
        _describe -o -t options option list
        ;;
      @argument | @setting)
        _winnow_known $one
        _describe -t ${one#@}s ${one#@} list -S ''
        ;;
      @*)
        _winnow_known $one
        _describe -t ${one#@}s ${one#@} list
        ;;
      *) compadd -- $one ;;
    esac
  done
}

if [[ ${funcstack[1]-} == _winnow ]]; then # a file of that name in a folder of $fpath
  _winnow "$@"
elif ((${+functions[compdef]})); then
  compdef _winnow winnow scrapy
else
  print -u2 'winnow: no completion here; type first: autoload -Uz compinit; compinit'
fi
