# PostgreSQL and the services never run as root: as root they get the system user padan. Sourced after say.sh.

service_user () {
    if [[ $EUID -eq 0 ]]; then
        echo padan
    else
        id -un
    fi
}

# user_create: the system user, once; nothing when we are not root.
user_create () {
    [[ $EUID -eq 0 ]] || return 0
    getent passwd padan >/dev/null && return 0
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin padan
}

# as_user COMMAND...: run as that user, without root's groups or environment of sessions.
as_user () {
    if [[ $EUID -eq 0 ]]; then
        setpriv --reuid padan --regid padan --clear-groups --inh-caps=-all -- "$@"
    else
        "$@"
    fi
}

# user_put PATH [MODE]: writes stdin there as the user, in a folder of theirs, whole or not at all.
user_put () {
    as_user sh -c 'umask 077 && cat >"$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"' sh "$1" "${2:-0600}"
}
