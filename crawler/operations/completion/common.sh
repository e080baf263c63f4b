# What follows is the same in bash and zsh. The functions set variables of their caller: `verb`,
# `sub`, `spider`; `place`, how many other words stand before; `kind`, what is to be completed;
# `head`, what stands before it in the same word; `list`, words with what they mean.

# PLACE KIND...: the kind of the word at that place, of which the last may recur
_winnow_nth() {
  local place=$1 one
  shift
  kind=
  for one in "$@"; do
    if [[ $place -eq 0 || $one == *... ]]; then
      kind=${one%...}
      return
    fi
    place=$((place - 1))
  done
}

# Whether WORD is one of the list.
_winnow_lists() {
  local one
  for one in "${list[@]}"; do
    [[ ${one%%:*} == "$1" ]] && return
  done
  return 1
}

# What the next word is, if it is neither an option nor an option's value.
_winnow_follow() {
  if [[ -z $verb ]]; then
    kind=@verb
    return
  fi
  _winnow_subcommands "$verb"
  if [[ -z $sub && ${#list[@]} -gt 0 ]]; then
    kind=@subcommand
    [[ $place -eq 0 ]] || kind=
  else
    _winnow_place "$verb" "$sub" "$place"
  fi
}

# WORD...: the words before the one that is to be completed; `kind` is what the last one asks for.
_winnow_read() {
  local word awaited=
  for word in "$@"; do
    if [[ -n $awaited && ($awaited != \?* || $word != -*) ]]; then
      [[ $awaited == @spider ]] && spider=$word
      awaited=
      continue
    fi
    awaited=
    case $word in
      --*=*)
        _winnow_value "$verb" "${word%%=*}"
        [[ $kind == @spider ]] && spider=${word#*=}
        ;;
      -?*)
        _winnow_value "$verb" "$word"
        awaited=$kind
        ;;
      *)
        _winnow_follow
        case $kind in
          @verb) verb=$word ;;
          @subcommand) if _winnow_lists "$word"; then sub=$word; else place=1; fi ;;
          *)
            [[ $kind == @spider ]] && spider=$word
            place=$((place + 1))
            ;;
        esac
        ;;
    esac
  done
  kind=$awaited
}

# WORD: what has been typed of the word that is to be completed
_winnow_choose() {
  if [[ -n $kind && ($kind != \?* || $1 != -*) ]]; then
    kind=${kind#\?}
  elif [[ $1 == --*=* ]]; then
    _winnow_value "$verb" "${1%%=*}"
    kind=${kind#\?} head=${1%%=*}=
  elif [[ $1 == -* ]]; then
    kind=${verb:+@option}
  else
    _winnow_follow
  fi
  if [[ $kind == @argument && $1 == *=* ]]; then
    _winnow_argument "$spider" "${1%%=*}"
    head=${1%%=*}=
  elif [[ $kind == @setting && $1 == *=* ]]; then
    kind=
  fi
}

# KIND: the list of what is known when this script is made
_winnow_known() {
  list=()
  case $1 in
    @verb) _winnow_verbs ;;
    @subcommand) _winnow_subcommands "$verb" ;;
    @option) _winnow_options "$verb" "$sub" ;;
    @spider) _winnow_spiders ;;
    @argument) _winnow_arguments "$spider" ;;
    @setting) _winnow_settings ;;
  esac
}
