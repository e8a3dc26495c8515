# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What the programs wrote goes to $OUT/HOST as it is; nothing is edited.

collect_all() {
    local host
    sleep 5
    collect bastion01 auth.log syslog ulog/syslogemu.log
    collect web01 auth.log syslog nginx
    collect mail01 auth.log auth.log.1 auth.log.2.gz mail.log mail.log.1 mail.log.2.gz clamav/clamav.log clamav/clamscan.log
    collect fw01 kern.log
    collect web02 apache2 vsftpd.log xferlog
    collect db01 auth.log syslog audit mysql/error.log mysql/server_audit.log
    on web02 journalctl --sync || true
    on web02 journalctl --output json --no-pager >"$OUT/web02/journal.json"
    collect_network
    collect_pack
    cp "$LAB/run/steps.tsv" "$LAB/steps-$WHAT.tsv"
    collect_check
}

# collect HOST PATH…: from the host's /var/log, what exists and is not empty.
collect() {
    local host=$1 file
    shift
    mkdir -p "$OUT/$host"
    for file in $(on "$host" sh -c 'cd /var/log && find "$@" -type f -size +0 2>/dev/null' find "$@"); do
        mkdir -p "$OUT/$host/$(dirname "$file")"
        on "$host" cat "/var/log/$file" >"$OUT/$host/$file"
    done
}

# Suricata reads the capture made on the firewall's DMZ side; its rules are in suricata.rules.
collect_network() {
    mkdir -p "$OUT/ids01"
    file_on fw01 /tmp/site.rules <"$HERE/suricata.rules"
    on fw01 mkdir -p /tmp/eve
    on fw01 suricata -r /tmp/dmz.pcap -S /tmp/site.rules -l /tmp/eve -k none --set sensor-name=ids01 \
        --set 'vars.address-groups.HOME_NET=[10.66.0.0/16]' --set 'vars.address-groups.EXTERNAL_NET=!$HOME_NET' >/dev/null 2>&1
    on fw01 sh -c "grep -v '\"event_type\":\"stats\"' /tmp/eve/eve.json" >"$OUT/ids01/eve.json"
    mkdir -p "$OUT/../packets"
    # Of the packets only those to and from the database port are kept.
    on fw01 tcpdump -r /tmp/dmz.pcap -w - 'port 3306 and host 10.66.10.10' 2>/dev/null >"$OUT/../packets/$WHAT-database.pcap"
}

# One host as tar.gz and one as zip, as evidence is often handed over; large files compressed.
collect_pack() {
    local file
    tar -C "$OUT" --owner=0 --group=0 -czf "$OUT/db01.tar.gz" db01
    (cd "$OUT" && python3 -m zipfile -c web02.zip web02/)
    rm -rf "$OUT/db01" "$OUT/web02"
    gzip -9n "$OUT/ids01/eve.json"
    find "$OUT" -type f ! -name '*.gz' ! -name '*.zip' -size +2M -print0 | xargs -0 -r gzip -9n
}

# Nothing may name the machine it was recorded on.
collect_check() {
    local scratch name found=0
    scratch=$(mktemp -d)
    cp -r "$OUT" "$scratch/all"
    (cd "$scratch/all" && tar xzf db01.tar.gz && python3 -m zipfile -e web02.zip . && find . -name '*.gz' ! -name '*.tar.gz' -exec gunzip {} +)
    for name in "$(uname -r)" "$LAB" "$HERE" " $(hostname) " "$(cat /etc/machine-id 2>/dev/null)" "${MIRROR#*://}"; do
        if [ -n "$name" ] && grep -rlF -- "$name" "$scratch/all"; then
            lab_say "the files above contain '$name'"
            found=1
        fi
    done
    rm -rf "$scratch"
    return $found
}
