# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The network: an outside segment, a DMZ and a LAN, joined by fw01. Every address is a documentation address
# (RFC 5737) or lies in 10.66.0.0/16 inside namespaces of our own; nothing can leave the machine.

# host segment address… ; the first address also goes into everybody's /etc/hosts.
NETWORK='
fw01       out 203.0.113.1 198.51.100.1 192.0.2.1
fw01       dmz 10.66.10.1
fw01       lan 10.66.20.1
bastion01  dmz 10.66.10.5
web01      dmz 10.66.10.10
web02      dmz 10.66.10.11
mail01     dmz 10.66.10.25
db01       lan 10.66.20.30
backup01   lan 10.66.20.40
ws01       lan 10.66.20.101
ws02       lan 10.66.20.102
attacker   out 203.0.113.66
prober     out 203.0.113.99
mx         out 192.0.2.25
crawler    out 192.0.2.80
customers  out 198.51.100.10 198.51.100.11 198.51.100.12 198.51.100.13 198.51.100.14 198.51.100.15 198.51.100.16 198.51.100.17
'
HOSTS=(fw01 bastion01 web01 web02 mail01 db01 backup01 ws01 ws02 attacker prober mx crawler customers)

network_start() {
    local host segment index=0 addresses address
    ip netns add "$PREFIX-switch"
    for segment in out dmz lan; do
        ip -n "$PREFIX-switch" link add "br-$segment" type bridge
        ip -n "$PREFIX-switch" link set "br-$segment" up
    done
    for host in "${HOSTS[@]}"; do
        if [ "$host" = db01 ]; then lab_start_host db01 shared-pids; else lab_start_host "$host"; fi
    done
    while read -r host segment addresses; do
        [ -n "$host" ] || continue
        network_plug "$host" "$segment" $((index += 1))
        for address in $addresses; do
            ip -n "$PREFIX-$host" addr add "$address/24" dev "$(network_port "$host" "$segment")"
        done
        network_route "$host" "$segment" "${addresses%% *}"
    done <<<"$NETWORK"
    for host in "${HOSTS[@]}"; do network_names | file_on "$host" /etc/hosts; done
    on fw01 sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
}

network_port() { case $1-$2 in fw01-dmz) echo eth1 ;; fw01-lan) echo eth2 ;; *) echo eth0 ;; esac; }

network_plug() {
    local host=$1 segment=$2 index=$3 port
    port=$(network_port "$host" "$segment")
    ip link add "hs$index" netns "$PREFIX-switch" type veth peer name "$port" netns "$PREFIX-$host"
    ip -n "$PREFIX-$host" link set "$port" address "$(printf '02:66:00:00:00:%02x' "$index")" up
    ip -n "$PREFIX-switch" link set "hs$index" master "br-$segment" up
}

network_route() {
    [ "$1" = fw01 ] || ip -n "$PREFIX-$1" route add default via "${3%.*}.1"
}

network_names() {
    cat <<-'EOF'
	127.0.0.1     localhost
	10.66.10.5    bastion01 bastion01.example.com ssh.example.com
	10.66.10.10   web01 web01.example.com www.example.com
	10.66.10.11   web02 web02.example.com files.example.com
	10.66.10.25   mail01 mail01.example.com mail.example.com example.com
	10.66.20.30   db01 db01.example.com
	10.66.20.40   backup01 backup01.example.com
	10.66.20.101  ws01 ws01.example.com
	10.66.20.102  ws02 ws02.example.com
	192.0.2.25    mx.partner.example partner.example mx.shop.example shop.example
	192.0.2.80    crawler.search.example
	EOF
}

# Deny by default. What is dropped is logged; so is each new connection to the bastion and each one that a
# server opens to the outside.
network_firewall() {
    on_in fw01 sh -e <<-'EOF'
	iptables -P FORWARD DROP
	iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	iptables -A FORWARD -i eth0 -d 10.66.10.5 -p tcp --dport 22 -j LOG --log-prefix "FW-ACCEPT ssh: "
	iptables -A FORWARD -i eth0 -d 10.66.10.5 -p tcp --dport 22 -j ACCEPT
	iptables -A FORWARD -i eth0 -d 10.66.10.10 -p tcp --dport 80 -j ACCEPT
	iptables -A FORWARD -i eth0 -d 10.66.10.11 -p tcp -m multiport --dports 21,80,40000:40050 -j ACCEPT
	iptables -A FORWARD -i eth0 -d 10.66.10.25 -p tcp --dport 25 -j ACCEPT
	iptables -A FORWARD -i eth1 -o eth0 -s 10.66.10.25 -p tcp --dport 25 -j ACCEPT
	iptables -A FORWARD -i eth1 -o eth0 -j LOG --log-prefix "FW-OUTBOUND dmz: "
	iptables -A FORWARD -i eth1 -o eth0 -j ACCEPT
	iptables -A FORWARD -i eth1 -o eth2 -s 10.66.10.10 -d 10.66.20.30 -p tcp --dport 3306 -j ACCEPT
	iptables -A FORWARD -i eth1 -o eth2 -s 10.66.10.5 -p tcp --dport 22 -j ACCEPT
	iptables -A FORWARD -i eth2 -j ACCEPT
	iptables -A FORWARD -j LOG --log-prefix "FW-DROP: "
	iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	iptables -A INPUT -i eth0 -j LOG --log-prefix "FW-DROP input: "
	iptables -A INPUT -i eth0 -j DROP
	EOF
}

network_stop() {
    local host
    for host in "${HOSTS[@]}"; do lab_stop_host "$host"; done
    ip netns del "$PREFIX-switch" 2>/dev/null || true
}
