# One installation: its directory, its rows of services.conf, its configuration files. Sourced after user.sh.
# Needs: $root, $var, $services, $port, $shift_ports, $server (conninfo words that lead to the PostgreSQL), $hosts
# (loopback: all on this machine; names: every instance is a host of its name, as in docker-compose.yml).

# rows: "service bus page instances" of every service, ports shifted.
rows () {
    awk -v shift="$shift_ports" '!/^[ \t]*(#|$)/ {
        if (NF != 4) { print FILENAME ":" FNR ": expected: service bus page instances" > "/dev/stderr"; exit 1 }
        print $1, ($2 == "-" ? "-" : $2 + shift), $3 + shift, $4
    }' "$services"
}

# instances: "instance service bus page" of every process; validation with two is validation-1 and validation-2.
instances () {
    rows | awk '{
        for (n = 1; n <= $4; n++)
            print ($4 == 1 ? $1 : $1 "-" n), $1, ($2 == "-" ? "-" : $2 + n - 1), $3 + n - 1
    }'
}

# services_with_database: their names.
services_with_database () {
    rows | awk '$2 != "-" { print $1 }'
}

# var_prepare: the directory. A checkout below a closed home (root's is 0700) cannot hold it: then it lies in /var/lib,
# and a link stands in its place. Folders that root writes into are root's, and the user padan reads them: whoever may
# write into a folder can put a link where root will write. In the others, only that user works.
var_prepare () {
    mkdir -p "$(dirname "$var")"
    if [[ ! -e $var ]] && ! can_enter "$(dirname "$var")"; then
        local elsewhere
        elsewhere=/var/lib/padan-$(printf '%s' "$var" | cksum | cut -d ' ' -f 1)
        say "the user $(service_user) cannot enter $(dirname "$var"): keeping everything in $elsewhere"
        mkdir -p "$elsewhere"
        ln -s "$elsewhere" "$var"
    fi
    mkdir -p "$var"
    var=$(realpath "$var")
    folder root 0711 "$var"
    folder root 0755 "$var/bin" "$var/share"
    folder root 0750 "$var/etc" "$var/log" "$var/run" "$var/site"
    folder padan 0700 "$var/keys" "$var/store" "$var/audit"
    as_user mkdir -p -m 0700 "$var/keys/pgpass"
}

# folder OWNER MODE PATH...: makes them so; as root only, there is just one user otherwise.
folder () {
    local owner=$1 mode=$2
    shift 2
    mkdir -p "$@"
    [[ $EUID -ne 0 ]] || chown "$owner:padan" "$@"
    chmod "$mode" "$@"
}

can_enter () {
    as_user test -x "$1"
}

# file_put PATH: writes stdin there for the user to read, whole or not at all; silent about equal content. In a folder of
# root's. Returns 0 when the file is new or changed.
file_put () {
    local path=$1
    (umask 077 && cat >"$path.new")
    if cmp -s "$path.new" "$path"; then
        rm "$path.new"
        return 1
    fi
    chmod 0640 "$path.new"
    [[ $EUID -ne 0 ]] || chgrp padan "$path.new"
    mv "$path.new" "$path"
}

# programs_copy DIR: the running programs are copies, so that a build in progress never changes them under a restart.
programs_copy () {
    local program path
    for path in "$1"/*; do
        [[ -f $path && -x $path ]] || continue
        program=$(basename "$path")
        if ! cmp -s "$path" "$var/bin/$program"; then
            install -m 0755 "$path" "$var/bin/$program.new"
            mv "$var/bin/$program.new" "$var/bin/$program"
            echo "$program"
        fi
    done
}

# share_copy: what the programs read beside their configuration: migrations, the web application, profiles.
share_copy () {
    local path target
    for path in "$root"/common/engine/migrations "$root"/services/*/migrations "$root"/services/*/web \
        "$root"/deploy/profiles "$root"/deploy/demo; do
        [[ -d $path ]] || continue
        target=$var/share/${path#"$root"/}
        rm -rf "$target"
        mkdir -p "$(dirname "$target")"
        cp -r "$path" "$target"
    done
    chmod -R a+rX "$var/share"
}

# ports_check EXTRA...: dies when another program has one of ours, before anything is started.
ports_check () {
    local number taken=''
    for number in "$port" "$@" $(instances | awk '{ if ($3 != "-") print $3; print $4 }'); do
        ! (exec 3<>"/dev/tcp/127.0.0.1/$number") 2>/dev/null || taken+=" $number"
    done
    [[ -z $taken ]] || die "another program has these ports, see --port and --shift:$taken"
}

# peers: "accounts=tcp://127.0.0.1:5510, validation=tcp://…|tcp://…": every service with a bus, all its instances.
peers () {
    instances | awk -v hosts="$hosts" '$3 != "-" {
        endpoint = "tcp://" (hosts == "names" ? $1 : "127.0.0.1") ":" $3
        if ($2 in list) { list[$2] = list[$2] "|" endpoint } else { list[$2] = endpoint; order[++n] = $2 }
    } END { for (i = 1; i <= n; i++) printf "%s%s=%s", (i > 1 ? ", " : ""), order[i], list[order[i]] }'
}

# address: where a process listens for its peers and the gateway for HTTP. Pages are always on loopback.
address () {
    if [[ $hosts == names ]]; then echo 0.0.0.0; else echo 127.0.0.1; fi
}

role_conninfo () {
    echo "$server dbname=padan user=$1 passfile=$var/keys/pgpass/$1"
}

# config INSTANCE SERVICE BUS PAGE: on stdout. Rows that only some services have, such as `store`, come from
# deploy/etc/<service>.conf: every program refuses rows it does not know. What only this office has (how it reaches
# Dukcapil) is in its own var/site/<service>.conf, which we never change.
config () {
    local instance=$1 service=$2 bus=$3 page=$4
    echo "# Written by deploy/up; changes are lost at its next run."
    echo "instance = $instance"
    echo "page = 127.0.0.1:$page"
    echo "keys = $var/keys"
    echo "peers = $(peers)"
    if [[ $bus != - ]]; then
        echo "listen = tcp://$(address):$bus"
        echo "data = $var/share"
        echo "database = $(role_conninfo "padan_$service")"
        echo "database_reader = $(role_conninfo "padan_${service}_reader")"
        echo "database_owner = $(role_conninfo "padan_${service}_owner")"
    fi
    if [[ -f $root/deploy/etc/$service.conf ]]; then
        sed -e '/^#/d' -e "s|@address@|$(address)|g" -e "s|@port@|$port|g" -e "s|@var@|$var|g" "$root/deploy/etc/$service.conf"
    fi
    if [[ -f $var/site/$service.conf ]]; then
        cat "$var/site/$service.conf"
    fi
}

# keys_make: `padan keys` makes what is missing: a CURVE pair a service, and what accounts and journal sign with.
keys_make () {
    [[ -x $var/bin/padan ]] || return 0
    # shellcheck disable=SC2046 # names have no spaces
    as_user "$var/bin/padan" keys --keys "$var/keys" $(rows | cut -d ' ' -f 1) </dev/null >/dev/null
}

# secrets_make: what intake keys its claims across tenants with. Kept for ever: another one would not know those made before.
secrets_make () {
    [[ -s $var/keys/claim ]] || head -c 32 /dev/urandom | base64 | user_put "$var/keys/claim"
}

# demo_settings PORT: the stand-in of Dukcapil, unless the office has said how it reaches the real one.
demo_settings () {
    [[ ! -f $var/site/validation.conf ]] || return 0
    echo demo-saja | user_put "$var/keys/dukcapil"
    file_put "$var/site/validation.conf" <<EOF
# The demonstration's stand-in. Replace by what the agreement with Dukcapil says, then run deploy/up again.
dukcapil_url = http://127.0.0.1:$1
dukcapil_office = 12-72/demo
dukcapil_user = demo
dukcapil_password = $var/keys/dukcapil
dukcapil_address = 127.0.0.1
EOF
}

# config_padan: what `padan` needs to reach the services.
config_padan () {
    echo "# Written by deploy/up; changes are lost at its next run."
    echo "keys = $var/keys"
    echo "peers = $(peers)"
}

# configs_write: all of them; prints the instances whose configuration is new or changed.
configs_write () {
    local instance service bus page
    while read -r instance service bus page; do
        ! config "$instance" "$service" "$bus" "$page" | file_put "$var/etc/$instance.conf" || echo "$instance"
    done < <(instances)
    config_padan | file_put "$var/etc/padan.conf" || true
}
