# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What runs on each host: Debian's programs with the least configuration that makes them log as they do in the field.

host_start_all() {
    host_people
    host_syslog fw01 RSYSLOG_SyslogProtocol23Format
    host_syslog db01 RSYSLOG_SyslogProtocol23Format
    host_syslog bastion01 RSYSLOG_TraditionalFileFormat
    host_syslog web01 RSYSLOG_TraditionalFileFormat
    host_syslog mail01 RSYSLOG_FileFormat
    host_journal web02
    host_db01
    local host
    for host in bastion01 web01 web02 mail01 db01 backup01; do host_ssh "$host"; done
    for host in bastion01 web01 web02 mail01 db01 backup01; do host_cron "$host"; done
    host_bastion01
    host_web01
    host_web02
    host_mail01
    host_mx
    host_backup01
}

# account HOST USER UID PASSWORD [GROUP]
account() {
    on "$1" useradd --create-home --shell /bin/bash --uid "$3" "$2"
    printf '%s:%s\n' "$2" "$4" | on_in "$1" chpasswd
    [ -z "${5:-}" ] || on "$1" usermod --append --groups "$5" "$2"
}

# admit USER FROM TO…: the user's key on host FROM opens the same account on hosts TO.
admit() {
    local user=$1 from=$2 key host
    shift 2
    on "$from" test -e "/home/$user/.ssh/id_ed25519" ||
        as "$user" "$from" sh -c 'mkdir -m 700 -p ~/.ssh && ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519'
    key=$(on "$from" cat "/home/$user/.ssh/id_ed25519.pub")
    for host in "$@"; do
        as "$user" "$host" sh -c 'mkdir -m 700 -p ~/.ssh && echo "$1" >>~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys' sh "$key"
    done
}

# People exist before logging starts, as on any host that is not new.
host_people() {
    local host
    for host in ws01 bastion01 web01 web02 mail01; do account "$host" aiko 1001 'correct-horse-7' sudo; done
    for host in ws02 bastion01 mail01; do account "$host" kenji 1002 'sakura123'; done
    for host in ws02 bastion01 web01 mail01; do account "$host" mary 1003 'tide-and-time-4'; done
    for host in backup01 web01 web02; do account "$host" backupper 1010 'unused-Kx81'; done
    account web02 partner 1020 'partner'
    account attacker guest 1001 'x'
    account mx sato 1001 'x'
    # db01 has a range of its own: its audit rules select by log-in uid, and the kernel's audit is one for all hosts.
    account db01 aiko 2001 'correct-horse-7' sudo
    account db01 backupper 2010 'unused-Kx81'
    admit aiko ws01 bastion01 web01 web02 mail01 db01
    # The careless thing that lets the attack travel: a private key kept on the bastion.
    admit aiko bastion01 db01 web01
    admit backupper backup01 web01 web02 db01
    # find is what kenji may run as root, to look for large files; it can run any other program.
    echo 'kenji ALL=(root) NOPASSWD: /usr/bin/find' | file_on bastion01 /etc/sudoers.d/kenji
    for host in db01 web01; do echo 'aiko ALL=(ALL) NOPASSWD: ALL' | file_on "$host" /etc/sudoers.d/aiko; done
}

host_syslog() {
    local host=$1 template=$2
    {
        echo "\$ActionFileDefaultTemplate $template"
        if [ "$host" = fw01 ]; then
            # The kernel's ring is one for the whole machine; only the firewall's own lines belong to this host.
            echo "if \$syslogfacility-text == 'kern' and not (\$msg contains 'FW-') then stop"
        fi
    } | file_on "$host" /etc/rsyslog.d/10-site.conf
    host_rsyslogd "$host"
}

# The kernel gives each line of its log to one reader only, so only fw01's rsyslogd may ask.
host_rsyslogd() {
    [ "$1" = fw01 ] || on "$1" sed -i '/imklog/d' /etc/rsyslog.conf
    [[ $1 = mail01 || $1 = mx ]] || on "$1" rm -f /etc/rsyslog.d/postfix.conf
    on "$1" rsyslogd
}

host_journal() {
    # journald wants to see a control group tree; the namespace's own is empty and names nothing.
    on "$1" sh -c 'systemd-machine-id-setup >/dev/null 2>&1
        mkdir -p /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir -p /var/log/journal /run/systemd/journal
        printf "[Journal]\nStorage=persistent\nReadKMsg=no\nAudit=no\nForwardToSyslog=no\nRateLimitBurst=0\n" >/etc/systemd/journald.conf
        setsid /lib/systemd/systemd-journald >/dev/null 2>&1 &
        sleep 1
        ln -sf /run/systemd/journal/dev-log /dev/log'
}

host_ssh() { on "$1" /usr/sbin/sshd; }
host_cron() { on "$1" cron; }

host_bastion01() {
    # NFLOG and ulogd2, beside the kernel's own lines on fw01: what knocks at the bastion's other ports.
    on_in bastion01 sh -e <<-'EOF'
	mkdir -p /var/log/ulog
	cat >/etc/ulogd.conf <<-'CONF'
	[global]
	logfile="/var/log/ulog/ulogd.log"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_inppkt_NFLOG.so"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_raw2packet_BASE.so"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_filter_IFINDEX.so"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_filter_IP2STR.so"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_filter_PRINTPKT.so"
	plugin="/usr/lib/x86_64-linux-gnu/ulogd/ulogd_output_LOGEMU.so"
	stack=log1:NFLOG,base1:BASE,ifi1:IFINDEX,ip2str1:IP2STR,print1:PRINTPKT,emu1:LOGEMU
	[log1]
	group=1
	[emu1]
	file="/var/log/ulog/syslogemu.log"
	sync=1
	CONF
	ulogd --daemon
	iptables -A INPUT -i lo -j ACCEPT
	iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	iptables -A INPUT -p tcp --dport 22 -j ACCEPT
	iptables -A INPUT -j NFLOG --nflog-group 1 --nflog-prefix "bastion input drop: "
	iptables -A INPUT -j DROP
	EOF
}

host_web01() {
    local page
    for page in index.php shop.php product.php search.php login.php view.php upload.php style.css robots.txt; do
        file_on web01 "/srv/www/$page" <"$HERE/site/$page"
    done
    echo '<h1>About us</h1><p>We sell lamps and desks.</p>' | file_on web01 /srv/www/pages/about.html
    echo '<h1>Terms</h1><p>Goods are sent within three days.</p>' | file_on web01 /srv/www/pages/terms.html
    on web01 install -d -o www-data /srv/www/uploads
    file_on web01 /etc/nginx/sites-enabled/default <<-'EOF'
	server {
	    listen 80 default_server;
	    server_name www.example.com;
	    root /srv/www;
	    index index.php;
	    location / { try_files $uri $uri/ =404; }
	    location ~ \.php$ { include snippets/fastcgi-php.conf; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }
	}
	EOF
    echo '* * * * * www-data find /srv/www/uploads -name "*.part" -mmin +60 -delete' | file_on web01 /etc/cron.d/shop
    on web01 mkdir -p /run/php
    on web01 php-fpm8.2 --daemonize
    on web01 nginx
}

host_web02() {
    on_in web02 sh -e <<-'EOF'
	a2enmod -q cgid security2 >/dev/null 2>&1
	cp /etc/modsecurity/modsecurity.conf-recommended /etc/modsecurity/modsecurity.conf
	sed -i 's|^SecAuditEngine.*|SecAuditEngine Off|' /etc/modsecurity/modsecurity.conf
	mkdir -p /srv/ftp/partner/upload /usr/lib/cgi-bin
	printf '#!/bin/bash\necho "Content-Type: text/plain"\necho\nuptime | cut -d, -f1\n' >/usr/lib/cgi-bin/status
	chmod 755 /usr/lib/cgi-bin/status
	echo 'ServerName files.example.com' >/etc/apache2/conf-enabled/name.conf
	a2enconf -q serve-cgi-bin >/dev/null 2>&1
	mkdir -p /var/www/html/docs
	for name in catalogue manual prices; do echo "<h1>$name</h1>" >/var/www/html/docs/$name.html; done
	cat >/var/www/html/docs/index.html <<-'PAGE'
	<!doctype html><html lang="en"><head><title>Files</title></head><body>
	<a href="catalogue.html">Catalogue</a> <a href="manual.html?chapter=1">Manual</a> <a href="prices.html">Prices</a>
	<form action="/cgi-bin/status" method="get"><input type="text" name="host"><input type="submit"></form></body></html>
	PAGE
	chown -R partner /srv/ftp/partner/upload
	usermod -d /srv/ftp/partner partner
	cat >/etc/vsftpd.conf <<-'CONF'
	listen=YES
	anonymous_enable=NO
	local_enable=YES
	write_enable=YES
	chroot_local_user=YES
	allow_writeable_chroot=YES
	background=YES
	secure_chroot_dir=/run/vsftpd-empty
	pam_service_name=vsftpd
	pasv_min_port=40000
	pasv_max_port=40050
	xferlog_enable=YES
	dual_log_enable=YES
	log_ftp_protocol=YES
	seccomp_sandbox=NO
	CONF
	mkdir -p /run/vsftpd-empty
	apachectl start
	vsftpd /etc/vsftpd.conf
	EOF
}

# MariaDB, and auditd with rules in the manner of the ones that come with it.
host_db01() {
    on_in db01 sh -e <<-'EOF'
	cat >/etc/mysql/mariadb.conf.d/60-site.cnf <<-'CONF'
	[mariadbd]
	bind-address = 0.0.0.0
	skip-name-resolve
	log_error = /var/log/mysql/error.log
	log_warnings = 2
	plugin_load_add = server_audit
	server_audit_logging = ON
	server_audit_events = CONNECT
	server_audit_file_path = /var/log/mysql/server_audit.log
	CONF
	install -d -o mysql -g adm /var/log/mysql
	install -d -o mysql /run/mysqld
	setsid mariadbd --user=mysql >/dev/null 2>&1 &
	for try in $(seq 100); do [ -S /run/mysqld/mysqld.sock ] && break; sleep 0.2; done
	sleep 1
	EOF
    on_in db01 mariadb <"$HERE/site/shop.sql"
    on db01 install -d -o backupper /srv/export
    on_in db01 sh -e <<-'EOF'
	sed -i 's/^name_format.*/name_format = HOSTNAME/' /etc/audit/auditd.conf
	cat >/etc/audit/rules.d/audit.rules <<-'RULES'
	-D
	-b 8192
	-a always,exit -F arch=b64 -S execve -F auid>=2000 -F auid<3000 -k exec
	-a always,exit -F arch=b64 -S openat,unlinkat,renameat2,mkdirat -F dir=/srv/export -F auid>=2000 -F auid<3000 -k export
	-w /etc/passwd -p wa -k identity
	-w /etc/shadow -p wa -k identity
	-w /etc/sudoers.d -p wa -k scope
	-w /etc/crontab -p wa -k cron
	-w /etc/cron.d -p wa -k cron
	-w /root/.ssh -p wa -k rootkey
	-w /etc/audit -p wa -k auditconfig
	-a always,user -F exe=/usr/sbin/auditctl
	-a always,user -F exe=/usr/sbin/sshd
	-a always,user -F exe=/usr/bin/sudo
	-a always,user -F exe=/usr/bin/su
	-a always,user -F exe=/usr/sbin/cron
	-a always,user -F exe=/usr/sbin/useradd
	-a always,user -F exe=/usr/sbin/usermod
	-a always,user -F exe=/usr/sbin/chpasswd
	-a never,user -F uid>=0
	-a always,exclude -F msgtype=LOGIN -F auid<2000
	-a always,exclude -F msgtype=LOGIN -F auid>=3000
	-a always,exclude -F msgtype=SECCOMP
	-a always,exclude -F msgtype=ANOM_ABEND
	-a always,exclude -F msgtype=ANOM_PROMISCUOUS
	-a always,exclude -F msgtype=NETFILTER_CFG
	-a always,exclude -F msgtype=BPF
	-e 1
	RULES
	mkdir -p /root/.ssh /var/log/audit
	# The kernel compares programs by inode, which hosts share until a host has a file of its own.
	for program in auditctl sshd cron useradd usermod chpasswd; do
	    cp -p /usr/sbin/$program /usr/sbin/.new && mv /usr/sbin/.new /usr/sbin/$program
	done
	for program in sudo su; do cp -p /usr/bin/$program /usr/bin/.new && mv /usr/bin/.new /usr/bin/$program; done
	auditd
	# The first record names the kernel of the recording machine; the story begins after it.
	sleep 0.5
	kill -USR1 "$(cat /run/auditd.pid)"
	sleep 0.5
	rm -f /var/log/audit/audit.log.1
	augenrules --load >/dev/null
	EOF
}

# The kernel's audit belongs to the machine, so it is put back.
host_db01_stop() {
    on db01 auditctl -D >/dev/null 2>&1 || true
    on db01 auditctl -e 0 >/dev/null 2>&1 || true
}

postfix_settings() {
    local host=$1
    shift
    on "$host" postconf -e "$@" disable_dns_lookups=yes smtpd_tls_security_level=none smtp_tls_security_level=none \
        default_transport=smtp relay_transport=relay home_mailbox=Maildir/ maillog_file= inet_protocols=ipv4 inet_interfaces=all compatibility_level=3.6 smtpd_peername_lookup=yes
}

host_mail01() {
    postfix_settings mail01 myhostname=mail01.example.com mydomain=example.com myorigin=example.com \
        'mydestination=example.com, mail01.example.com, localhost' 'mynetworks=127.0.0.0/8, 10.66.0.0/16' \
        smtpd_milters=unix:clamav/clamav-milter.ctl milter_default_action=accept \
        header_checks=regexp:/etc/postfix/header_checks bounce_queue_lifetime=1h
    echo '/^Subject:/ INFO' | file_on mail01 /etc/postfix/header_checks
    # The signature database cannot be had without its mirror, so clamd loads one signature, written by hand: EICAR's.
    printf 'Eicar-Test-Signature:0:0:%s\n' \
        "$(printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-%s-TEST-FILE!$H+H*' ANTIVIRUS | od -An -tx1 -v | tr -d ' \n')" |
        file_on mail01 /var/lib/clamav/site.ndb
    on_in mail01 sh -e <<-'EOF'
	cat >/etc/clamav/clamd.conf <<-'CONF'
	LocalSocket /run/clamav/clamd.ctl
	LocalSocketMode 666
	User clamav
	DatabaseDirectory /var/lib/clamav
	LogFile /var/log/clamav/clamav.log
	LogTime yes
	LogSyslog yes
	LogFacility LOG_LOCAL6
	LogFileMaxSize 0
	PidFile /run/clamav/clamd.pid
	ExtendedDetectionInfo yes
	CONF
	cat >/etc/clamav/clamav-milter.conf <<-'CONF'
	MilterSocket /var/spool/postfix/clamav/clamav-milter.ctl
	MilterSocketMode 666
	User clamav
	ClamdSocket unix:/run/clamav/clamd.ctl
	OnInfected Reject
	RejectMsg Message contains malware %v
	LogSyslog yes
	LogFacility LOG_MAIL
	LogInfected Full
	AddHeader Replace
	CONF
	install -d -o clamav /run/clamav /var/log/clamav /var/spool/postfix/clamav
	clamd >/dev/null 2>&1
	clamav-milter
	sed -i 's/^#\?listen =.*/listen = */; s/^#\?disable_plaintext_auth.*/disable_plaintext_auth = no/' /etc/dovecot/dovecot.conf /etc/dovecot/conf.d/10-auth.conf
	sed -i 's|^mail_location.*|mail_location = maildir:~/Maildir|' /etc/dovecot/conf.d/10-mail.conf
	sed -i 's|^ssl = .*|ssl = no|' /etc/dovecot/conf.d/10-ssl.conf
	printf '*/2 * * * * root clamscan --recursive --infected --log=/var/log/clamav/clamscan.log /home >/dev/null\n' >/etc/cron.d/clamscan
	touch /var/log/mail.log
	/etc/init.d/postfix start >/dev/null 2>&1
	dovecot
	EOF
}

# The mail server of another organisation: few of the addresses that a spammer guesses exist there.
host_mx() {
    postfix_settings mx myhostname=mx.partner.example myorigin=partner.example \
        'mydestination=partner.example, shop.example, localhost' mynetworks=127.0.0.0/8
    host_rsyslogd mx
    on mx /etc/init.d/postfix start >/dev/null 2>&1
}

host_backup01() {
    host_rsyslogd backup01
    on backup01 install -d -o backupper /srv/backup
    file_on backup01 /usr/local/bin/nightly <<-'EOF'
	#!/bin/sh
	ssh="ssh -o StrictHostKeyChecking=accept-new -o BatchMode=yes"
	rsync -a -e "$ssh" web01:/srv/www/pages/ /srv/backup/web01/
	rsync -a -e "$ssh" web02:/var/www/html/ /srv/backup/web02/
	$ssh db01 'mariadb-dump --user=backup --password=backup-2026 shop' >/srv/backup/shop.sql
	EOF
    on backup01 chmod 755 /usr/local/bin/nightly
    echo '*/3 * * * * backupper /usr/local/bin/nightly' | file_on backup01 /etc/cron.d/nightly
}
