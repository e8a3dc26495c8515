# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What people and machines do all day: browsing, mail, log-ins with keys and passwords, backups, mistakes.
# Every loop ends by itself at $UNTIL (seconds since the epoch).

BROWSERS=(
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15'
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
)
WORDS=(lamp desk chair shelf rug 'floor+lamp' "o%27clock" mirror)

SSH=(ssh -o StrictHostKeyChecking=accept-new -o ConnectTimeout=10)

people_until() { [ "$(date +%s)" -lt "$UNTIL" ]; }
people_pause() { sleep "$(($1 + RANDOM % $2))"; }

# Customers look at products, search, sign in (sometimes with the wrong password) and follow a dead link.
people_browse() {
    local address browser path
    while people_until; do
        address=198.51.100.$((10 + RANDOM % 8))
        browser=${BROWSERS[RANDOM % ${#BROWSERS[@]}]}
        case $((RANDOM % 12)) in
            0 | 1) path=/ ;;
            2 | 3 | 4 | 5) path="/product.php?id=$((1 + RANDOM % 12))" ;;
            6 | 7) path="/search.php?q=${WORDS[RANDOM % 7]/o%27clock/clock}" ;;
            8) path='/view.php?page=about.html' ;;
            9) path=/style.css ;;
            10) path=/product/old-$((RANDOM % 40)).html ;;
            11)
                on customers curl -s -o /dev/null --max-time 5 --interface "$address" -A "$browser" -e http://www.example.com/ \
                    -d "mail=yui@partner.example&password=lamp-$((1 + RANDOM % 2))" http://www.example.com/login.php || true
                continue
                ;;
        esac
        on customers curl -s -o /dev/null --max-time 5 --interface "$address" -A "$browser" -e http://www.example.com/ \
            "http://www.example.com$path" || true
        [ $((RANDOM % 3)) -ne 0 ] || on customers curl -s -o /dev/null --max-time 5 --interface "$address" -A "$browser" \
            "http://files.example.com/docs/$(shuf -n1 -e catalogue manual prices).html" || true
        people_pause 1 3
    done
}

# Monitoring asks for a status page, as it does everywhere.
people_monitor() {
    while people_until; do
        on ws02 curl -s -o /dev/null --max-time 5 -A 'check_http/v2.3.1 (monitoring-plugins 2.3.1)' http://files.example.com/cgi-bin/status || true
        sleep 15
    done
}

# A search engine's robot reads robots.txt and then every page, politely.
people_crawl() {
    people_until || return 0
    on crawler sh -c 'cd /tmp && timeout 120 wget --quiet --recursive --level=3 --wait=0.4 --execute robots=on \
        --user-agent="Mozilla/5.0 (compatible; ExampleBot/2.1; +http://search.example/bot.html)" http://www.example.com/ http://files.example.com/docs/' || true
}

# letter FROM-HOST FROM TO SUBJECT TEXT
letter() {
    on "$1" swaks --silent 3 --server mail.example.com --helo "$1" --from "$2" --to "$3" --header "Subject: $4" --body "$5" >/dev/null 2>&1 || true
}

people_mail() {
    local staff=(aiko kenji mary) round=0
    while people_until; do
        letter ws01 aiko@example.com "${staff[RANDOM % 3]}@example.com" "Minutes of meeting $((round += 1))" 'See you at three.'
        people_pause 4 6
        letter ws02 mary@example.com sato@partner.example "Order $((1200 + round))" 'Two desk lamps, please.'
        letter mx sato@partner.example mary@example.com "Re: Order $((1200 + round))" 'Sent today.'
        # Somebody has left the partner's company; the one bounce in a long while.
        [ "$round" -ne 3 ] || letter ws02 mary@example.com tanaka@partner.example 'Greetings' 'Are you still there?'
        on ws02 curl -s -o /dev/null --max-time 5 --user kenji:sakura123 imap://mail.example.com/INBOX || true
        on ws02 curl -s -o /dev/null --max-time 5 --user mary:tide-and-time-4 imap://mail.example.com/INBOX || true
        people_pause 5 8
    done
}

# password USER HOST-FROM HOST-TO PASSWORD COMMAND
password() {
    as "$1" "$2" sshpass -p "$4" "${SSH[@]}" -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 "$3" "$5" >/dev/null 2>&1 || true
}

# The staff at work. Kenji and Mary use passwords and mistype them now and then; Aiko has a key and sudo.
people_staff() {
    local round=0
    while people_until; do
        as aiko ws01 "${SSH[@]}" -tt bastion01 'uptime; echo correct-horse-7 | sudo -S -p "" tail -n 2 /var/log/syslog' >/dev/null 2>&1 || true
        people_pause 5 8
        [ $((round % 3)) -ne 1 ] || password mary ws02 bastion01 'tide-and-tine-4' true
        password mary ws02 bastion01 'tide-and-time-4' 'ls; sleep 2'
        people_pause 5 8
        [ $((round % 4)) -ne 2 ] || password kenji ws02 bastion01 'sakura124' true
        password kenji ws02 bastion01 'sakura123' 'df -h; sudo find /var/tmp -size +100M; sleep 1'
        people_pause 5 8
        as aiko ws01 "${SSH[@]}" web01 'sudo tail -n 3 /var/log/nginx/access.log; sudo nginx -t' >/dev/null 2>&1 || true
        [ $((round % 2)) -ne 0 ] || as aiko ws01 "${SSH[@]}" db01 'sudo mariadb -e "SELECT COUNT(*) FROM shop.products"; sudo systemctl --version' >/dev/null 2>&1 || true
        [ $((round % 3)) -ne 0 ] || as aiko ws01 "${SSH[@]}" -tt mail01 'echo correct-horse-7 | sudo -S -p "" postqueue -p' >/dev/null 2>&1 || true
        # A sudo password mistyped once, then right.
        [ "$round" -ne 1 ] || as aiko ws01 "${SSH[@]}" -tt web02 'echo corect-horse-7 | sudo -S -p "" id; echo correct-horse-7 | sudo -S -p "" apachectl -t' >/dev/null 2>&1 || true
        round=$((round + 1))
        people_pause 6 8
    done
}

# The partner leaves a price list by FTP.
people_partner() {
    local round=0
    while people_until; do
        on customers sh -c 'echo "lamp;3200" >/tmp/prices.csv'
        on customers timeout 20 lftp -u partner,partner -e "set net:max-retries 1; put -O upload /tmp/prices.csv -o prices-$((round += 1)).csv; bye" \
            files.example.com >/dev/null 2>&1 || true
        people_pause 50 20
    done
}

# What every address on the internet gets: a stray packet now and then.
people_noise() {
    while people_until; do
        on customers nc -z -w1 -s 198.51.100.$((10 + RANDOM % 8)) 10.66.10.10 "$(shuf -n1 -e 443 23 8443)" || true
        people_pause 20 30
    done
}

PEOPLE=()
people_start() {
    local activity
    for activity in browse monitor crawl mail staff partner noise; do
        "people_$activity" &
        PEOPLE+=($!)
    done
}
people_finish() { wait "${PEOPLE[@]}" || true; }
