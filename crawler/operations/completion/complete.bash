_winnow_offer() {
  local one file
  for one in $kind; do
    case $one in
      @nothing) ;;
      @file) compopt -o default ;;
      @folder) compopt -o dirnames ;;
      @site)
        for file in "$_winnow_folder"/*.toml; do
          file=${file##*/} file=${file%.toml}
          case $file in *[!a-z0-9_-]*) ;; *) _winnow_add "$file" ;; esac
        done
        ;;
      @*)
        case $one in @argument | @setting) compopt -o nospace ;; esac
        _winnow_known "$one"
        for one in "${list[@]}"; do
          _winnow_add "${one%%:*}"
        done
        ;;
      *) _winnow_add "$one" ;;
    esac
  done
}

_winnow_add() {
  [[ $head$1 == "$current"* ]] && COMPREPLY+=("$head$1")
}

_winnow() {
  local verb= sub= spider= place=0 kind= head= list=() current= kept= before=() word i parted=
  COMPREPLY=()
  for ((i = 1; i <= COMP_CWORD; i++)); do # bash parts words at = and : too: join them again
    word=${COMP_WORDS[i]}
    if [[ $i -eq $COMP_CWORD && -z $word && ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ||
      $COMP_LINE != *"$current$word"* ]]; then
      parted= # a space stands between
    fi
    if [[ $i -gt 1 && -n $word && -z ${word//[=:]/} ]]; then
      current+=$word kept=$current parted=yes
    elif [[ -n $parted ]]; then
      current+=$word parted=
    else
      [[ $i -gt 1 ]] && before+=("$current")
      current=$word kept=
    fi
  done
  _winnow_read "${before[@]}"
  _winnow_choose "$current"
  _winnow_offer
  for i in "${!COMPREPLY[@]}"; do # what bash has parted off stays as it is
    COMPREPLY[i]=${COMPREPLY[i]#"$kept"}
  done
}

complete -F _winnow winnow scrapy
