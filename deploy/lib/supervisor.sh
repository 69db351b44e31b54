# s6 over everything of one installation (deploy/adr/0002-supervisor.md). Sourced after site.sh; needs $var.
# $var/run/scan holds one service directory a process; it is written anew whenever the supervisor itself starts.

supervisor_pid () {
    local pid
    pid=$(cat "$var/run/supervisor.pid" 2>/dev/null) || return 1
    # the number may have passed to another process since
    [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$var/run/scan" && $(cat "/proc/$pid/comm" 2>/dev/null) == s6-svscan ]] || return 1
    echo "$pid"
}

supervisor_start () {
    supervisor_pid >/dev/null && return 0
    rm -rf "$var/run/scan"
    folder padan 0700 "$var/run/scan"
    # nothing of our caller's environment, files or terminal goes along; its number goes to a file that is root's
    (cd "$var/run" && as_user env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME="$var" setsid --fork sh -c '
        ulimit -n 16384 2>/dev/null
        ulimit -c 0 # a core would hold keys and personal data
        echo $$ >&3
        exec s6-svscan scan 3>&-' </dev/null >>"$var/log/supervisor" 2>&1 3>"$var/run/supervisor.pid" 9>&-)
    wait_for 10 supervisor_pid || die "the supervisor did not start, see $var/log/supervisor"
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for () {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null; do
        ((SECONDS < until)) || return 1
        sleep 0.1
    done
}

# supervise NAME COMMAND-LINE CHECK-LINE [SIGNAL]: a service directory, complete before it appears. CHECK-LINE is run
# until it succeeds: then the process counts as ready. SIGNAL asks it to end (default SIGTERM).
supervise () {
    local name=$1 command=$2 check=$3 signal=${4:-SIGTERM}
    local dir=$var/run/scan/$name new=$var/run/scan/.$name # s6-svscan passes over names with a dot
    [[ -d $dir ]] && return 0
    folder padan 0750 "$var/log/$name"
    as_user rm -rf "$new"
    as_user mkdir -p "$new/log" "$new/data"
    echo 3 | user_put "$new/notification-fd"
    echo "$signal" | user_put "$new/down-signal"
    echo 20000 | user_put "$new/timeout-finish"
    script "$new/run" "exec 2>&1" "exec s6-notifyoncheck -d -n 0 -w 100 -t 5000 -T 120000 $command"
    script "$new/data/check" "exec $check >/dev/null 2>&1"
    # restarted after one second, and after one more for every failure in the last minute, up to eight; the stamps are
    # TAI64N: @4, fifteen hexadecimal digits of seconds, nanoseconds
    script "$new/finish" '[ "$(s6-svstat -o wantedup .)" = true ] || exit 0' \
        'minute=$(($(printf %d "0x$(echo | s6-tai64n | cut -c 3-17)") - 60))' \
        'deaths=0' \
        'for at in $(s6-svdt . | grep -v "exitcode 0$" | cut -c 3-17); do' \
        '    [ "$(printf %d "0x$at")" -le "$minute" ] || deaths=$((deaths + 1))' \
        'done' \
        'echo "{\"event\":\"process_ended\",\"exit\":$1,\"signal\":$2,\"deaths\":$deaths}"' \
        '[ "$deaths" -lt 2 ] || exec sleep "$((deaths < 8 ? deaths : 8))"'
    script "$new/log/run" "exec s6-log n20 s10000000 $var/log/$name"
    as_user mv "$new" "$dir"
}

script () {
    local path=$1
    shift
    { echo "#!/bin/sh"; printf '%s\n' "$@"; } | user_put "$path" 0700
}

supervise_postgres () {
    local bin=/usr/lib/postgresql/15/bin
    supervise postgres "$bin/postgres -D $var/pg/data" "$bin/pg_isready -q -h $var/pg/socket -p 5432" SIGINT
}

supervise_services () {
    local instance service bus page
    while read -r instance service bus page; do
        [[ -x $var/bin/$service ]] || die "no program for the service $service in $var/bin"
        supervise "$instance" "$var/bin/$service --config $var/etc/$instance.conf" \
            "curl -fs -m 2 http://127.0.0.1:$page/readyz"
    done < <(instances)
}

# supervise_standin PORT: the demonstration's Dukcapil, over the city that was made for it.
supervise_standin () {
    supervise demo-dukcapil \
        "/usr/bin/python3 $var/share/deploy/demo/dukcapil.py --population $var/demo/data/penduduk.jsonl --port $1" \
        "curl -fs -m 2 http://127.0.0.1:$1/_stats"
}

# supervisor_look: takes up new service directories.
supervisor_look () {
    as_user s6-svscanctl -a "$var/run/scan"
}

# ready_wait SECONDS NAME...: until all of them say so.
ready_wait () {
    local seconds=$1 name dirs=()
    shift
    for name; do
        dirs+=("$var/run/scan/$name")
        wait_for 10 supervised "$name" || die "$name is not supervised, see $var/log/supervisor"
    done
    as_user s6-svwait -U -t $((seconds * 1000)) "${dirs[@]}" && return 0
    for name; do
        [[ $(state "$name") == "true true" ]] || { say "--- $name is not ready:"; as_user tail -n 15 "$var/log/$name/current" >&2; }
    done
    die "not everything became ready within $seconds s"
}

supervised () {
    as_user s6-svok "$var/run/scan/$1"
}

# state NAME: up and ready, as two words.
state () {
    as_user s6-svstat -o up,ready "$var/run/scan/$1" 2>/dev/null
}

# service_wanted NAME...: one that somebody took down by hand is wanted again; the others go on.
service_wanted () {
    local name
    for name; do
        wait_for 10 want "$name" || die "$name is not supervised, see $var/log/supervisor"
    done
}

# want NAME: fails until its supervisor listens, which is a moment after s6-svok says yes: it looks at the lock, and
# s6-supervise takes that before it opens its control pipe.
want () {
    as_user s6-svc -u "$var/run/scan/$1" 2>/dev/null
}

service_restart () {
    as_user s6-svc -wR -T 60000 -r "$var/run/scan/$1"
}

# supervisor_stop: services first, so that they drain into a database that is there; then PostgreSQL; then s6.
supervisor_stop () {
    local pid dir name dirs=()
    pid=$(supervisor_pid) || return 1
    for dir in "$var"/run/scan/*/; do
        name=$(basename "$dir")
        [[ $name == postgres || ! -e $dir/run ]] || dirs+=("${dir%/}")
    done
    if ((${#dirs[@]})); then
        for dir in "${dirs[@]}"; do
            as_user s6-svc -d "$dir"
        done
        as_user s6-svwait -D -a -t 60000 "${dirs[@]}" || say "some services did not drain within 60 s"
    fi
    [[ ! -d $var/run/scan/postgres ]] || as_user s6-svc -wD -T 60000 -d "$var/run/scan/postgres" ||
        say "PostgreSQL did not stop within 60 s"
    as_user s6-svscanctl -t "$var/run/scan"
    wait_for 60 process_gone "$pid" || die "the supervisor $pid does not end"
    rm -f "$var/run/supervisor.pid"
}

process_gone () {
    [[ ! -e /proc/$1 ]] || grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}
