# The database of an installation: roles, passwords, migrations. Sourced after site.sh.
# Needs: $database (an administrator's conninfo, or empty for the private cluster), $root, $var.

# database_read URL: sets $database. A password among it goes into a file, for the time of this run: the arguments of
# psql can be seen by everybody on the machine.
database_read () {
    local parts
    parts=$(printf '%s' "$1" | "$root/deploy/lib/conninfo.py") || die "--database needs a URL or a conninfo"
    database=${parts%%$'\n'*}
    [[ $parts == *$'\n'* ]] || return 0
    passfile=$(mktemp)
    trap 'rm -f "$passfile"' EXIT
    printf '%s\n' "${parts#*$'\n'}" >"$passfile"
    database+=" passfile='$passfile'"
}

# admin_psql ARGS...: psql as administrator of the server.
admin_psql () {
    if [[ -n $database ]]; then
        psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$database" "$@"
    else
        "$root/deploy/database/cluster" psql "$var/pg" "$@"
    fi
}

# padan_psql ARGS...: the same, in the database padan: a later word wins.
padan_psql () {
    admin_psql --dbname "${database:+$database dbname=}padan" "$@" --file -
}

# server_words: host, port and TLS words of the server, for the services' conninfo.
server_words () {
    if [[ -z $database ]]; then
        echo "host=$var/pg/socket port=5432"
        return
    fi
    local words
    words=$(admin_psql --command '\echo host=:HOST port=:PORT')
    words+=$(grep -oE "ssl(mode|rootcert)='[^']*'" <<<"$database" | sed 's/^/ /' | tr -d '\n' || true)
    echo "$words"
}

database_found () {
    [[ -n $(admin_psql --tuples-only --no-align --command "select 1 from pg_database where datname = 'padan'") ]]
}

# database_check: dies over a database whose keys are not here. New ones would fit nothing that was claimed or signed.
database_check () {
    [[ -s $var/keys/claim ]] || ! database_found ||
        die "the server has a database padan already, and $var/keys is not of it: see deploy/restore.md"
}

database_create () {
    database_found || admin_psql --command "create database padan template template0 encoding 'UTF8'"
}

# password_of ROLE: makes the role's 0600 file once; the password never is an argument of any program. The file is the
# user's and its content goes to an administrator's psql, so nothing but a password of ours is taken from it.
password_of () {
    local path=$var/keys/pgpass/$1 password
    [[ -s $path ]] || echo "*:*:padan:$1:$(openssl rand -hex 24)" | user_put "$path"
    password=$(as_user sed 's/.*://' "$path")
    [[ $password =~ ^[0-9a-f]+$ ]] || die "not a password deploy/up made: $path"
    echo "$password"
}

# Set again at every run, so that files and database agree after either was restored.
passwords_set () {
    local role password
    echo "set password_encryption = 'scram-sha-256';"
    for role; do
        password=$(password_of "$role")
        echo "alter role $role password '$password';"
    done
}

roles_create () {
    local service roles=(padan_auditor)
    for service in $(services_with_database); do
        padan_psql --set service="$service" <"$root/deploy/database/roles.sql"
        roles+=("padan_${service}_owner" "padan_$service" "padan_${service}_reader")
    done
    passwords_set "${roles[@]}" | padan_psql
}

# site_hint SERVICE: where the office's own rows of it come from, if there are any.
site_hint () {
    [[ ! -f $var/site/$1.conf ]] || echo ", the end of it from $var/site/$1.conf"
}

# migrations_run: every service once, whatever its number of instances.
migrations_run () {
    local instance service bus page seen=" "
    while read -r instance service bus page; do
        [[ $bus != - && $seen != *" $service "* ]] || continue
        seen+="$service "
        as_user "$var/bin/$service" --config "$var/etc/$instance.conf" --migrate </dev/null ||
            die "migrations of $service failed; its configuration is $var/etc/$instance.conf$(site_hint "$service")"
    done < <(instances)
}
