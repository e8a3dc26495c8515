#!/usr/bin/env python3
"""Says where each step of the recorded attack can be seen: a Markdown table of file, lines and times.

where.py DIRECTORY [en|ja]   exit status 1 if a step has left no trace, so it also checks a new recording.

The patterns are the claims of samples/README.md; the line numbers are counted in the files as shipped.
"""
import gzip
import pathlib
import re
import sys
import tarfile
import zipfile

ATTACKER = r"203\.0\.113\.66"

# (English, Japanese, [(file, pattern, inside)]): a line matches when the pattern is found in it.
STEPS = [
    ("Ports of the DMZ are scanned (nmap)", "DMZ のポートスキャン（nmap）",
     [("fw01/kern.log", rf"FW-DROP: .*SRC={ATTACKER} .*DPT=(?!22 )")]),
    ("A second address guesses slowly at sshd and never gets in", "別のアドレスが sshd に低速でパスワードを試行（成功なし）",
     [("bastion01/auth.log", r"Failed password .* from 203\.0\.113\.99 ")]),
    ("Nikto scans web01", "Nikto による web01 のスキャン",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*Nikto")]),
    ("gobuster looks for files on web01", "gobuster による web01 のファイル探索",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*gobuster")]),
    ("Wapiti scans web02; ModSecurity warns", "Wapiti による web02 のスキャンと ModSecurity の警告",
     [("web02.zip!web02/apache2/error.log", rf"client {ATTACKER}\].*ModSecurity: Warning")]),
    ("Path traversal; it succeeds at view.php", "パストラバーサル（view.php で成功）",
     [("web01/nginx/access.log*",
       rf"^{ATTACKER} .*view\.php\?page=\.\..*etc(/|%2f)(passwd|hosts) HTTP/1\.1\" 200 .*curl"),
      ("web02.zip!web02/apache2/access.log", rf"^{ATTACKER} .*cgi-bin/(\.%2e|%2e%2e)/")]),
    ("Log4Shell strings", "Log4Shell の文字列",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*jndi.*ldap:?}}?://{ATTACKER}:1389/")]),
    ("Shellshock string", "Shellshock の文字列",
     [("web02.zip!web02/apache2/access.log", rf"^{ATTACKER} .*\(\) {{ :; }};.*{ATTACKER}")]),
    ("SQL injection reads the customers (sqlmap)", "SQL インジェクションによる顧客情報の読み出し（sqlmap）",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*sqlmap"),
      ("web01/nginx/error.log*", rf"PHP message: shop: .*client: {ATTACKER}"),
      ("ids01/eve.json.gz", r'"event_type":"alert".*sqlmap user agent')]),
    ("A web shell is uploaded", "ウェブシェルのアップロード",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*POST /upload\.php")]),
    ("The web shell is used", "ウェブシェルの使用",
     [("web01/nginx/access.log*", rf"^{ATTACKER} .*/uploads/catalogue\.php\?cmd="),
      ("ids01/eve.json.gz", r'"event_type":"alert".*id command output')]),
    ("web01 connects to the attacker's server", "web01 から攻撃者のサーバーへの接続",
     [("fw01/kern.log", rf"FW-OUTBOUND dmz: .*SRC=10\.66\.10\.10 DST={ATTACKER} ")]),
    ("From web01 other ports of bastion01 are tried", "web01 から bastion01 の別ポートへの接続試行",
     [("bastion01/ulog/syslogemu.log", r"SRC=10\.66\.10\.10 ")]),
    ("Log-ins to MariaDB are guessed from web01", "web01 からの MariaDB へのログイン試行",
     [("db01.tar.gz!db01/mysql/error.log", r"Access denied for user '(root|admin)'@'10\.66\.10\.10'"),
      ("db01.tar.gz!db01/mysql/server_audit.log", r",(root|admin),10\.66\.10\.10,.*FAILED_CONNECT")]),
    ("Buffer overflow at the database port of db01 (IDS alert)", "db01 のデータベースポートへのバッファオーバーフロー（IDS 警告）",
     [("ids01/eve.json.gz", r'"event_type":"alert".*buffer overflow attempt')]),
    ("Passwords are guessed at bastion01 (hydra)", "bastion01 へのパスワード推測（hydra）",
     [("bastion01/auth.log", rf"Failed password .* from {ATTACKER} "),
      ("fw01/kern.log", rf"FW-ACCEPT ssh: .*SRC={ATTACKER} ")]),
    ("The attacker gets in as kenji", "攻撃者が kenji としてログイン",
     [("bastion01/auth.log", rf"Accepted password for kenji from {ATTACKER} ")]),
    ("sudo and su are refused", "sudo と su の失敗",
     [("bastion01/auth.log", r"sudo: .*kenji : .*command not allowed|FAILED SU .* kenji on")]),
    ("Root shell through sudo find", "sudo find を使った root シェルの取得",
     [("bastion01/auth.log", r"sudo: .*kenji : .*COMMAND=/usr/bin/find .* -exec /bin/bash")]),
    ("An account with sudo rights is added", "sudo 権限を持つアカウントの追加",
     [("bastion01/auth.log", r"new user: name=sysupd|add 'sysupd' to group 'sudo'|password changed for sysupd")]),
    ("A cron job is planted and runs", "cron ジョブの設置と実行",
     [("bastion01/syslog", rf"crontab\[\d+\]: \(root\) REPLACE|CMD \(curl -s http://{ATTACKER}"),
      ("fw01/kern.log", rf"FW-OUTBOUND dmz: .*SRC=10\.66\.10\.5 DST={ATTACKER} .*DPT=8000 ")]),
    ("rsyslogd is stopped; silence; started again", "rsyslogd の停止、記録の空白、再起動",
     [("bastion01/syslog", r"rsyslogd: .*(exiting on signal 15|\] start)")]),
    ("The new account and root's new key are used", "追加したアカウントと root の新しい鍵の使用",
     [("bastion01/auth.log", rf"Accepted (password for sysupd|publickey for root) from {ATTACKER} ")]),
    ("With a stolen key from bastion01 to db01", "盗んだ鍵による bastion01 から db01 への移動",
     [("db01.tar.gz!db01/auth.log", r"Accepted publickey for aiko from 10\.66\.10\.5 ")]),
    ("On db01 secrets are read and a script is fetched", "db01 での秘密情報の読み取りとスクリプトの取得",
     [("db01.tar.gz!db01/audit/audit.log", rf'type=EXECVE .*(a\d="/etc/shadow"|a\d="http://{ATTACKER})')]),
    ("Files with misleading names are written on db01", "db01 での紛らわしい名前のファイルの作成",
     [("db01.tar.gz!db01/audit/audit.log", r"type=PATH .*name=2F7372762F6578706F72742F[0-9A-F]+ .*nametype=CREATE")]),
    ("An account is added on db01", "db01 でのアカウントの追加",
     [("db01.tar.gz!db01/auth.log", r"new user: name=mysqld"),
      ("db01.tar.gz!db01/audit/audit.log", r'type=SYSCALL .*key="(identity|scope)"')]),
    ("The audit configuration of db01 is changed", "db01 の監査設定の変更",
     [("db01.tar.gz!db01/audit/audit.log",
       r"type=CONFIG_CHANGE .*auid=2001 .*(op=remove_rule)|type=CONFIG_CHANGE .*audit_enabled=0 .*auid=2001")]),
    ("Mail in mary's name bounces in a burst", "mary を装ったメールの大量の不達",
     [("mail01/mail.log*", r"to=<customer\d+@partner\.example>.*status=bounced"),
      ("mail01/mail.log*", r"header Subject: URGENT your invoice")]),
    ("Malware by mail is refused (EICAR)", "マルウェア（EICAR）付きメールの拒否",
     [("mail01/mail.log*", r"milter-reject: .*Eicar"),
      ("mail01/clamav/clamav.log", r"Eicar.* FOUND")]),
    ("Malware in a home is found (EICAR)", "ホームディレクトリのマルウェア（EICAR）検出",
     [("mail01/clamav/clamscan.log", r"/home/kenji/Downloads/.* FOUND")]),
    ("FTP password guessed, files with misleading names uploaded", "FTP パスワードの推測と紛らわしい名前のファイルのアップロード",
     [("web02.zip!web02/vsftpd.log", rf'(FAIL LOGIN|OK UPLOAD): Client "{ATTACKER}"'),
      ("web02.zip!web02/xferlog", rf" {ATTACKER} \d+ /upload/"),
      ("web02.zip!web02/journal.json", r"vsftpd.*authentication failure")]),
]

TIMES = re.compile(
    r"audit\((?P<epoch>\d{10})\.|(?P<iso>\d{4}-\d\d-\d\d[T ]+\d{1,2}:\d\d:\d\d)|(?:/\d{4}:)?(?P<clock>\d\d:\d\d:\d\d)|"
    r'"__REALTIME_TIMESTAMP":"(?P<micro>\d+)"')


def rotated(path):
    """How often the log was rotated: the oldest has the highest number."""
    number = re.search(r"\.(\d+)(\.gz)?$", path.name)
    return int(number[1]) if number else 0


def lines_of(root, name):
    """Yields (shown file name, line number, line) of a file, a glob or a member of an archive."""
    outer, _, inner = name.partition("!")
    for path in sorted(root.glob(outer), key=rotated, reverse=True):
        if outer.endswith(".zip"):
            data = zipfile.ZipFile(path).read(inner)
        elif outer.endswith(".tar.gz"):
            data = tarfile.open(path).extractfile(inner).read()
        else:
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
        shown = str(path.relative_to(root)) + ("!" + inner if inner else "")
        for number, line in enumerate(data.split(b"\n"), 1):
            yield shown, number, line.decode("utf-8", "replace")


def clock_of(line):
    found = TIMES.search(line)
    if not found:
        return ""
    seconds = found["epoch"] or (found["micro"] and found["micro"][:10])
    if seconds:
        return "%02d:%02d:%02d" % (int(seconds) // 3600 % 24, int(seconds) // 60 % 60, int(seconds) % 60)
    return (found["iso"] or found["clock"])[-8:].replace(" ", "0")


def main():
    root, language = pathlib.Path(sys.argv[1]), (sys.argv[2:] or ["en"])[0]
    missing = 0
    heading = {"en": "| # | step | from–to (UTC) | file: lines | count |", "ja": "| # | 段階 | 時刻（UTC） | ファイル: 行 | 件数 |"}
    print(heading[language] + "\n| --- | --- | --- | --- | --- |")
    for index, (english, japanese, claims) in enumerate(STEPS, 1):
        title = japanese if language == "ja" else english
        for name, pattern in claims:
            hits = {}
            for shown, number, line in lines_of(root, name):
                if re.search(pattern, line):
                    hits.setdefault(shown, []).append((number, clock_of(line)))
            if not hits:
                print(f"| {index} | {title} | | `{name}`: nothing | 0 |")
                missing += 1
            for shown, found in hits.items():
                numbers = f"{found[0][0]}" if len(found) == 1 else f"{found[0][0]}–{found[-1][0]}"
                times = sorted(clock for _, clock in found)
                span = times[0] if times[0] == times[-1] else f"{times[0]}–{times[-1]}"
                print(f"| {index} | {title} | {span} | `{shown}`: {numbers} | {len(found)} |")
                title, index = "", ""
    return 1 if missing else 0


sys.exit(main())
