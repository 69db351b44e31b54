# Progress for people, on stderr; stdout stays free for results. Sourced.

step_start=$SECONDS

say () {
    printf '%s\n' "$*" >&2
}

die () {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# step TEXT: a numbered line with the seconds since the script began, so that slow steps show themselves.
step () {
    printf '[%4ds] %s\n' $((SECONDS - step_start)) "$*" >&2
}

# quietly LOG COMMAND...: output goes to LOG and is shown only when the command fails.
quietly () {
    local log=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        die "failed: $* (whole output: $log)"
    fi
}
