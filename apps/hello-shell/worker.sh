#!/bin/sh
. "$(dirname "$0")/elves_app.sh"

greet() {
    elves_text "hello $(elves_param name world)"
}

disk() {
    path=$(elves_param path /)
    used=$(df -P "$path" | awk 'NR == 2 { print $5 + 0 }') || elves_fail "no file system at $path"
    elves_result "{\"path\":$(elves_quote "$path"),\"used_percent\":$used}"
}

elves_main greet disk
