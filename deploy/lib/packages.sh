# What Debian packages are missing, and installing them. Sourced after say.sh; needs $root.

no_system_cluster=/etc/postgresql-common/createcluster.d/padan-install.conf

# packages_of SECTION...: names listed for these sections.
packages_of () {
    local section
    for section; do
        awk -v section="$section" '$1 == section { print $2 }' "$root/deploy/packages.txt"
    done
}

packages_missing () {
    local name
    for name in $(packages_of "$@"); do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
    done
}

# packages_install SECTION...: as root, silent when there is nothing to do.
packages_install () {
    local missing
    [[ $EUID -ne 0 ]] || rm -f "$no_system_cluster" # a run that was killed may have left it
    missing=$(packages_missing "$@")
    [[ -n $missing ]] || return 0
    [[ $EUID -eq 0 ]] || die "missing packages, ask root to install them: ${missing//$'\n'/ }"
    step "installing: ${missing//$'\n'/ }"
    local log
    log=$(mktemp)
    without_system_cluster quietly "$log" packages_fetch $missing
    rm -f "$log"
}

packages_fetch () {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
}

# Debian's postgresql-15 makes and starts a cluster "main" when it is installed. We never use one,
# so for the time of the installation its own setting says no; a later choice of the machine's owner is not touched.
without_system_cluster () {
    (
        trap 'rm -f "$no_system_cluster"' EXIT
        trap 'exit 1' HUP INT TERM
        mkdir -p "$(dirname "$no_system_cluster")"
        echo "create_main_cluster = false" >"$no_system_cluster"
        "$@"
    )
}
