# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The laboratory: a Debian root with the programs in it, and hosts made from it.
#
# A host is an overlay on that root with its own network, UTS, mount, IPC and (but for db01) PID namespace, held by
# one tini process. So a host has its own name, addresses, users and /var/log, the programs are Debian's unchanged,
# and stopping a host is ending processes that can be named exactly: those of its own namespaces.
# Rejected: booting systemd in each host (needs a cgroup layout that not every machine has) and plain chroots
# (no host names or addresses of their own).

LAB=${HIKESHI_LAB:-/var/tmp/hikeshi-lab}
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org}
PREFIX=hs                       # of every network namespace made here
declare -A HOLDER=()            # host -> pid of its tini

PACKAGES=(
    tini procps iproute2 iptables ulogd2 tcpdump netcat-openbsd curl wget rsync zip less nano python3
    systemd rsyslog logrotate cron sudo passwd openssh-server openssh-client sshpass auditd
    nginx php-fpm php-cli php-mysql apache2 libapache2-mod-security2 modsecurity-crs mariadb-server
    postfix dovecot-imapd swaks clamav clamav-daemon clamav-milter vsftpd lftp
    nmap nikto gobuster dirb sqlmap wapiti hydra
)

lab_say() { printf '%(%H:%M:%S)T %s\n' -1 "$*" >&2; }

# Builds the root once; about 1.5 GB and two minutes. Suricata is in Debian's backports, Nikto in non-free.
lab_build_root() {
    [ -e "$LAB/base/.complete" ] && return
    lab_say "building the Debian root in $LAB/base"
    command -v debootstrap >/dev/null || apt-get install -y --no-install-recommends debootstrap >"$LAB/apt.log" 2>&1
    [ -e "$LAB/base/usr/bin/apt-get" ] ||
        debootstrap --variant=minbase bookworm "$LAB/base" "$MIRROR/debian" >"$LAB/debootstrap.log" 2>&1
    printf 'deb %s bookworm main non-free\ndeb %s bookworm-updates main\ndeb %s bookworm-backports main\ndeb %s-security bookworm-security main\n' \
        "$MIRROR/debian" "$MIRROR/debian" "$MIRROR/debian" "$MIRROR/debian" >"$LAB/base/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$LAB/base/usr/sbin/policy-rc.d"
    chmod 755 "$LAB/base/usr/sbin/policy-rc.d"
    unshare --mount --pid --fork bash -e -c '
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        root=$1; shift
        mount -t proc proc "$root/proc"
        printf "postfix postfix/main_mailer_type select Local only\npostfix postfix/mailname string example.com\n" |
            chroot "$root" debconf-set-selections
        chroot "$root" apt-get update
        chroot "$root" apt-get install -y --no-install-recommends "$@"
        chroot "$root" apt-get install -y --no-install-recommends -t bookworm-backports suricata
        chroot "$root" apt-get clean
    ' build "$LAB/base" "${PACKAGES[@]}" >>"$LAB/apt.log" 2>&1
    # What the build machine left behind has no place on a host of the story.
    : >"$LAB/base/etc/resolv.conf"
    echo LANG=C.UTF-8 >"$LAB/base/etc/default/locale"
    rm -f "$LAB/base/etc/ssh/"ssh_host_* "$LAB/base/usr/sbin/policy-rc.d"
    find "$LAB/base/var/log" -type f -delete
    (cd "$LAB/base/var/log" && touch lastlog wtmp btmp && chown root:utmp lastlog wtmp btmp && chmod 664 lastlog wtmp && chmod 660 btmp)
    echo 'Set disable_coredump false' >"$LAB/base/etc/sudo.conf"
    touch "$LAB/base/.complete"
}

# lab_start_host NAME [shared-pids]: shared-pids is for the host that runs auditd, which the kernel
# accepts in the first PID namespace only.
lab_start_host() {
    local host=$1 pids=(--pid --fork) root="$LAB/run/$1"
    [ "${2:-}" = shared-pids ] && pids=()
    mkdir -p "$root"/{upper,work,root}
    ip netns add "$PREFIX-$host"
    ip -n "$PREFIX-$host" link set lo up
    ip netns exec "$PREFIX-$host" unshare --uts --mount --ipc --cgroup "${pids[@]}" \
        bash -e -c '
            host=$1 root=$2 base=$3
            mount --make-rprivate /
            mount -t overlay overlay -o "lowerdir=$base,upperdir=$root/upper,workdir=$root/work" "$root/root"
            cd "$root/root"
            mount -t proc proc proc
            mount -t tmpfs -o mode=755 tmpfs run
            mount -t tmpfs -o mode=755 tmpfs dev
            mkdir dev/pts dev/shm run/lock run/sshd
            mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
            mount -t tmpfs -o mode=1777 tmpfs dev/shm
            ln -s pts/ptmx dev/ptmx
            touch run/utmp
            ln -s /proc/self/fd dev/fd
            mknod -m 666 dev/null c 1 3
            mknod -m 666 dev/zero c 1 5
            mknod -m 666 dev/full c 1 7
            mknod -m 666 dev/random c 1 8
            mknod -m 666 dev/urandom c 1 9
            mknod -m 666 dev/tty c 5 0
            echo "$host" >etc/hostname
            hostname "$host"
            exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=xterm \
                tini -s -- sleep 7200
        ' host "$host" "$root" "$LAB/base" </dev/null >"$LAB/run/$host.out" 2>&1 &
    lab_await_holder "$host" $!
    on "$host" ssh-keygen -q -A >/dev/null 2>&1
}

# The tini of a host is the process started above or, with a PID namespace, its child.
lab_await_holder() {
    local host=$1 started=$2 pid tries
    for tries in $(seq 100); do
        for pid in $started $(cat "/proc/$started/task/$started/children" 2>/dev/null); do
            if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = tini ]; then
                HOLDER[$host]=$pid
                return
            fi
        done
        sleep 0.05
    done
    lab_say "host $host did not start after $tries tries:"
    cat "$LAB/run/$host.out" >&2
    return 1
}

# Ends every process in the host's network namespace, which is ours alone, then the namespace.
lab_stop_host() {
    local host=$1 signal
    for signal in TERM KILL; do
        [ -n "$(ip netns pids "$PREFIX-$host" 2>/dev/null)" ] || break
        ip netns pids "$PREFIX-$host" | xargs -r kill -"$signal" 2>/dev/null || true
        sleep 0.3
    done
    ip netns del "$PREFIX-$host" 2>/dev/null || true
    unset "HOLDER[$host]"
    return 0
}

# on HOST COMMAND…: runs a command as root on a host.
on() {
    local host=$1 pid
    shift
    pid=${HOLDER[$host]:?no such host: $host}
    nsenter -t "$pid" -m -u -i -n -p -C -r -w -- \
        /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=xterm HOME=/root "$@" </dev/null
}

# on_in HOST COMMAND…: the same, with standard input.
on_in() {
    local host=$1 pid
    shift
    pid=${HOLDER[$host]:?no such host: $host}
    nsenter -t "$pid" -m -u -i -n -p -C -r -w -- \
        /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=xterm HOME=/root "$@"
}

# as USER HOST COMMAND…: as a user, without a log-in of its own.
as() {
    local user=$1 host=$2
    shift 2
    on "$host" setpriv --reuid "$user" --regid "$user" --init-groups env "HOME=/home/$user" "USER=$user" "LOGNAME=$user" \
        "PATH=/usr/local/bin:/usr/bin:/bin" "$@"
}

# file_on HOST PATH: writes standard input to a file on a host.
file_on() { on_in "$1" sh -c 'mkdir -p "$(dirname "$1")" && cat >"$1"' sh "$2"; }
