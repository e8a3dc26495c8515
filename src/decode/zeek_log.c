/* See zeek_log.h. The sets are of fields that Zeek's own scripts write in every record or in nearly
 * every one; the more special log comes first. */
#include "decode/zeek_log.h"

#include <string.h>

#include "base/base.h"

#define ZEEK_LOG_FIELDS_MAX 3

static const struct {
    slice dataset;
    slice fields[ZEEK_LOG_FIELDS_MAX]; /* all of these; absent ends */
} zeek_logs[] = {
#define LOG(name, ...)                                                                             \
    {                                                                                              \
        S_INIT("zeek." name),                                                                      \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define F(name) S_INIT(name)
    LOG("conn", F("conn_state")),
    LOG("conn", F("id.orig_h"), F("orig_pkts"), F("proto")),
    LOG("conn", F("id.orig_h"), F("history"), F("proto")),
    LOG("dns", F("query"), F("rejected")),
    LOG("dns", F("query"), F("qtype_name")),
    LOG("dns", F("trans_id"), F("proto"), F("rejected")),
    LOG("dns", F("trans_id"), F("proto"), F("rcode")),
    LOG("smtp", F("trans_depth"), F("helo")),
    LOG("smtp", F("trans_depth"), F("mailfrom")),
    LOG("smtp", F("trans_depth"), F("last_reply")),
    LOG("http", F("trans_depth"), F("request_body_len")),
    LOG("http", F("trans_depth"), F("method")),
    LOG("http", F("trans_depth"), F("status_code")),
    LOG("ssl", F("established"), F("resumed")),
    LOG("ssl", F("cipher"), F("server_name")),
    LOG("ssl", F("cipher"), F("curve")),
    LOG("x509", F("certificate.serial")),
    LOG("ocsp", F("issuerNameHash")),
    LOG("pe", F("compile_ts"), F("subsystem")),
    LOG("files", F("fuid"), F("seen_bytes")),
    LOG("files", F("fuid"), F("analyzers")),
    LOG("files", F("fuid"), F("tx_hosts")),
    LOG("ssh", F("auth_attempts")),
    LOG("ssh", F("hassh")),
    LOG("ssh", F("kex_alg"), F("host_key_alg")),
    LOG("ftp", F("user"), F("command"), F("reply_code")),
    LOG("ftp", F("user"), F("command"), F("arg")),
    LOG("kerberos", F("request_type"), F("service")),
    LOG("kerberos", F("request_type"), F("client")),
    LOG("ntlm", F("server_nb_computer_name")),
    LOG("ntlm", F("domainname"), F("hostname"), F("username")),
    LOG("rdp", F("security_protocol")),
    LOG("rdp", F("cookie"), F("result")),
    LOG("smb_mapping", F("share_type")),
    LOG("smb_files", F("action"), F("times.modified")),
    LOG("smb_files", F("action"), F("path"), F("name")),
    LOG("smb_cmd", F("command"), F("argument"), F("tree_service")),
    LOG("dce_rpc", F("endpoint"), F("operation")),
    LOG("dce_rpc", F("named_pipe"), F("operation")),
    LOG("dhcp", F("msg_types")),
    LOG("dhcp", F("assigned_addr"), F("mac")),
    LOG("notice", F("note"), F("msg")),
    LOG("intel", F("seen.indicator")),
    LOG("weird", F("name"), F("notice"), F("peer")),
    LOG("signature", F("sig_id"), F("event_msg")),
    LOG("dpd", F("analyzer"), F("failure_reason")),
    LOG("snmp", F("community"), F("get_requests")),
    LOG("snmp", F("up_since"), F("version")),
    LOG("sip", F("call_id"), F("uri")),
    LOG("socks", F("bound.host")),
    LOG("socks", F("request.host"), F("request_p")),
    LOG("tunnel", F("tunnel_type")),
    LOG("syslog", F("facility"), F("severity"), F("message")),
    LOG("mysql", F("cmd"), F("arg"), F("success")),
    LOG("radius", F("username"), F("result"), F("ttl")),
    LOG("irc", F("nick"), F("command")),
    LOG("modbus", F("func"), F("unit")),
    LOG("modbus", F("func"), F("id.orig_h")),
    LOG("dnp3", F("fc_request")),
    LOG("rfb", F("client_major_version")),
    LOG("ntp", F("stratum"), F("ref_id")),
    LOG("ldap", F("message_id"), F("opcode")),
    LOG("ldap_search", F("base_object"), F("filter")),
    LOG("traceroute", F("src"), F("dst"), F("proto")),
    LOG("software", F("software_type")),
    LOG("known_certs", F("issuer_subject"), F("port_num")),
    LOG("known_services", F("port_num"), F("port_proto")),
    LOG("capture_loss", F("percent_lost")),
    LOG("stats", F("pkts_proc")),
    LOG("reporter", F("level"), F("message"), F("location")),
#undef F
#undef LOG
};

slice zeek_log_of_fields(bool (*has)(const void *context, slice name), const void *context)
{
    for (size_t i = 0; i < sizeof(zeek_logs) / sizeof(zeek_logs[0]); i++) {
        bool all = true;
        for (size_t j = 0; j < ZEEK_LOG_FIELDS_MAX && all; j++)
            all = slice_is_absent(zeek_logs[i].fields[j]) || has(context, zeek_logs[i].fields[j]);
        if (all)
            return zeek_logs[i].dataset;
    }
    return (slice){NULL, 0};
}

slice zeek_log_of_path(struct arena *arena, slice path)
{
    const slice module = S_INIT("zeek.");
    for (size_t i = 0; i < path.len; i++)
        if (!byte_is_alnum(path.at[i]) && path.at[i] != '_' && path.at[i] != '-')
            return (slice){NULL, 0};
    if (path.len == 0 || path.len > ZEEK_LOG_NAME_MAX)
        return (slice){NULL, 0};
    char *name = arena_bytes(arena, module.len + path.len);
    memcpy(name, module.at, module.len);
    memcpy(name + module.len, path.at, path.len);
    return slice_make(name, module.len + path.len);
}
