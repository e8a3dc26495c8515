/* See snare.h. The agent has thrown the event's named data away; what is left is the message, whose
 * line ends became spaces. It is cut at two spaces or more into labels ("Account Name:") and
 * values, and the labels lead back to the names, by the section that they stand in ("Subject:").
 * What somebody chose may look like a label: of addresses, which come last, the last one counts, of
 * all else the first. Rejected: a shape for each event, of which there are hundreds. */
#include "decode/snare.h"

#include "base/base.h"
#include "decode/windows.h"

/* Bytes before the mark: a host. */
#define SNARE_BEFORE_MAX 256

enum snare_column {
    SNARE_MARK,
    SNARE_CRITICALITY,
    SNARE_LOG,
    SNARE_COUNTER,
    SNARE_TIME,
    SNARE_EVENT_ID,
    SNARE_SOURCE,
    SNARE_USER,
    SNARE_SID_TYPE,
    SNARE_TYPE,
    SNARE_COMPUTER,
    SNARE_CATEGORY,
    SNARE_DATA,
    SNARE_MESSAGE,
    SNARE_COLUMNS
};

enum snare_section {
    SNARE_ANY,
    SNARE_SUBJECT,
    SNARE_TARGET,
    SNARE_MEMBER,
    SNARE_OTHER, /* a section whose labels have one meaning anywhere */
};

static const struct {
    slice name;
    enum snare_section section;
} snare_sections[] = {
    {S_INIT("Subject"), SNARE_SUBJECT},
    {S_INIT("New Logon"), SNARE_TARGET},
    {S_INIT("Account For Which Logon Failed"), SNARE_TARGET},
    {S_INIT("Account Whose Credentials Were Used"), SNARE_TARGET},
    {S_INIT("Account That Was Locked Out"), SNARE_TARGET},
    {S_INIT("Target Account"), SNARE_TARGET},
    {S_INIT("Target Subject"), SNARE_TARGET},
    {S_INIT("New Account"), SNARE_TARGET},
    {S_INIT("Account Information"), SNARE_TARGET},
    {S_INIT("User"), SNARE_TARGET},
    {S_INIT("Target Computer"), SNARE_TARGET},
    {S_INIT("New Computer Account"), SNARE_TARGET},
    {S_INIT("Computer Account That Was Changed"), SNARE_TARGET},
    {S_INIT("Group"), SNARE_TARGET},
    {S_INIT("New Group"), SNARE_TARGET},
    {S_INIT("Deleted Group"), SNARE_TARGET},
    {S_INIT("Member"), SNARE_MEMBER},
    {S_INIT("Process Information"), SNARE_OTHER},
    {S_INIT("Network Information"), SNARE_OTHER},
    {S_INIT("Failure Information"), SNARE_OTHER},
    {S_INIT("Service Information"), SNARE_OTHER},
    {S_INIT("Application Information"), SNARE_OTHER},
    {S_INIT("Object"), SNARE_OTHER},
    {S_INIT("Additional Information"), SNARE_OTHER},
    {S_INIT("Detailed Authentication Information"), SNARE_OTHER},
};

static const struct {
    enum snare_section section;
    slice label;
    slice field;
    bool last; /* of several the last one counts */
} snare_labels[] = {
    {SNARE_SUBJECT, S_INIT("Security ID"), S_INIT("SubjectUserSid"), false},
    {SNARE_SUBJECT, S_INIT("Account Name"), S_INIT("SubjectUserName"), false},
    {SNARE_SUBJECT, S_INIT("Account Domain"), S_INIT("SubjectDomainName"), false},
    {SNARE_SUBJECT, S_INIT("Logon ID"), S_INIT("SubjectLogonId"), false},
    {SNARE_TARGET, S_INIT("Security ID"), S_INIT("TargetSid"), false},
    {SNARE_TARGET, S_INIT("User ID"), S_INIT("TargetSid"), false},
    {SNARE_TARGET, S_INIT("Account Name"), S_INIT("TargetUserName"), false},
    {SNARE_TARGET, S_INIT("Group Name"), S_INIT("TargetUserName"), false},
    {SNARE_TARGET, S_INIT("Account Domain"), S_INIT("TargetDomainName"), false},
    {SNARE_TARGET, S_INIT("Group Domain"), S_INIT("TargetDomainName"), false},
    {SNARE_TARGET, S_INIT("Supplied Realm Name"), S_INIT("TargetDomainName"), false},
    {SNARE_TARGET, S_INIT("Logon ID"), S_INIT("TargetLogonId"), false},
    {SNARE_MEMBER, S_INIT("Security ID"), S_INIT("MemberSid"), false},
    {SNARE_MEMBER, S_INIT("Account Name"), S_INIT("MemberName"), false},
    {SNARE_ANY, S_INIT("Logon Account"), S_INIT("TargetUserName"), false},
    {SNARE_ANY, S_INIT("Logon Type"), S_INIT("LogonType"), false},
    {SNARE_ANY, S_INIT("Workstation Name"), S_INIT("WorkstationName"), true},
    {SNARE_ANY, S_INIT("Source Workstation"), S_INIT("Workstation"), true},
    {SNARE_ANY, S_INIT("Source Network Address"), S_INIT("IpAddress"), true},
    {SNARE_ANY, S_INIT("Client Address"), S_INIT("IpAddress"), true},
    {SNARE_ANY, S_INIT("Source Port"), S_INIT("IpPort"), true},
    {SNARE_ANY, S_INIT("Client Port"), S_INIT("IpPort"), true},
    {SNARE_ANY, S_INIT("Source Address"), S_INIT("SourceAddress"), true},
    {SNARE_ANY, S_INIT("Destination Address"), S_INIT("DestAddress"), true},
    {SNARE_ANY, S_INIT("Destination Port"), S_INIT("DestPort"), true},
    {SNARE_ANY, S_INIT("Protocol"), S_INIT("Protocol"), true},
    {SNARE_ANY, S_INIT("Application Name"), S_INIT("Application"), false},
    {SNARE_ANY, S_INIT("Failure Reason"), S_INIT("FailureReason"), true},
    {SNARE_ANY, S_INIT("Status"), S_INIT("Status"), true},
    {SNARE_ANY, S_INIT("Sub Status"), S_INIT("SubStatus"), true},
    {SNARE_ANY, S_INIT("Result Code"), S_INIT("Status"), true},
    {SNARE_ANY, S_INIT("Failure Code"), S_INIT("Status"), true},
    {SNARE_ANY, S_INIT("Error Code"), S_INIT("Status"), true},
    {SNARE_ANY, S_INIT("Ticket Options"), S_INIT("TicketOptions"), true},
    {SNARE_ANY, S_INIT("Ticket Encryption Type"), S_INIT("TicketEncryptionType"), true},
    {SNARE_ANY, S_INIT("Pre-Authentication Type"), S_INIT("PreAuthType"), true},
    {SNARE_ANY, S_INIT("Logon Process"), S_INIT("LogonProcessName"), true},
    {SNARE_ANY, S_INIT("Authentication Package"), S_INIT("AuthenticationPackageName"), true},
    {SNARE_ANY, S_INIT("New Process ID"), S_INIT("NewProcessId"), false},
    {SNARE_ANY, S_INIT("New Process Name"), S_INIT("NewProcessName"), false},
    {SNARE_ANY, S_INIT("Creator Process ID"), S_INIT("ProcessId"), false},
    {SNARE_ANY, S_INIT("Creator Process Name"), S_INIT("ParentProcessName"), false},
    {SNARE_ANY, S_INIT("Process Command Line"), S_INIT("CommandLine"), false},
    {SNARE_ANY, S_INIT("Caller Process ID"), S_INIT("ProcessId"), false},
    {SNARE_ANY, S_INIT("Caller Process Name"), S_INIT("ProcessName"), false},
    {SNARE_ANY, S_INIT("Process ID"), S_INIT("ProcessId"), false},
    {SNARE_ANY, S_INIT("Process Name"), S_INIT("ProcessName"), false},
    {SNARE_ANY, S_INIT("Object Type"), S_INIT("ObjectType"), false},
    {SNARE_ANY, S_INIT("Object Name"), S_INIT("ObjectName"), false},
    {SNARE_ANY, S_INIT("Share Name"), S_INIT("ShareName"), false},
    {SNARE_ANY, S_INIT("Relative Target Name"), S_INIT("RelativeTargetName"), false},
    {SNARE_ANY, S_INIT("Access Mask"), S_INIT("AccessMask"), false},
    {SNARE_ANY, S_INIT("Task Name"), S_INIT("TaskName"), false},
    {SNARE_ANY, S_INIT("Service Name"), S_INIT("ServiceName"), false},
    {SNARE_ANY, S_INIT("Service File Name"), S_INIT("ServiceFileName"), false},
    {SNARE_ANY, S_INIT("Service Type"), S_INIT("ServiceType"), false},
    {SNARE_ANY, S_INIT("Service Start Type"), S_INIT("ServiceStartType"), false},
    {SNARE_ANY, S_INIT("Service Account"), S_INIT("ServiceAccount"), false},
};

/* --- the message --- */

/* The next piece: up to a tab, a line end, or two spaces. */
static bool snare_next_piece(slice *rest, slice *piece)
{
    slice text = slice_trim(*rest);
    size_t end = 0;
    if (text.len == 0)
        return false;
    while (end < text.len && !byte_is_among(text.at[end], S("\t\r\n")) &&
           !slice_starts(slice_from(text, end), S("  ")))
        end++;
    *piece = slice_first(text, end);
    *rest = slice_from(text, end);
    return true;
}

static void snare_put(struct event *event, slice field, slice value, bool last)
{
    for (size_t i = 0; i < event->count; i++) {
        if (!slice_equal(event->fields[i].name, field))
            continue;
        if (last)
            event->fields[i].value = value;
        return;
    }
    event_add_string(event, field, value);
}

#define SNARE_LABELS (sizeof(snare_labels) / sizeof(snare_labels[0]))

/* The row of a label in a section; SNARE_LABELS when it is not known. */
static size_t snare_find_label(enum snare_section section, slice label)
{
    size_t i = 0;
    while (i < SNARE_LABELS &&
           !((snare_labels[i].section == SNARE_ANY || snare_labels[i].section == section) &&
               slice_equal(snare_labels[i].label, label)))
        i++;
    return i;
}

/* Sysmon and others have the names of their data for labels. */
static bool snare_is_name(slice label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!byte_is_alnum(label.at[i]))
            return false;
    return label.len > 0;
}

static void snare_add_value(
    struct event *event, enum snare_section section, slice label, slice value)
{
    size_t row = snare_find_label(section, label);
    if (row < SNARE_LABELS)
        snare_put(event, snare_labels[row].field, value, snare_labels[row].last);
    else if (section == SNARE_ANY && snare_is_name(label))
        snare_put(event, windows_data_name(label), value, false);
}

static bool snare_find_section(slice label, enum snare_section *section)
{
    for (size_t i = 0; i < sizeof(snare_sections) / sizeof(snare_sections[0]); i++) {
        if (slice_equal(snare_sections[i].name, label)) {
            *section = snare_sections[i].section;
            return true;
        }
    }
    return false;
}

/* Of log-offs the account is the target of the data, and the subject of the message. */
static enum snare_section snare_section_of(enum snare_section section, slice event_id)
{
    bool log_off = slice_equal(event_id, S("4634")) || slice_equal(event_id, S("4647"));
    return log_off && section == SNARE_SUBJECT ? SNARE_TARGET : section;
}

static void snare_add_message(struct event *event, slice event_id, slice message)
{
    enum snare_section section = SNARE_ANY;
    slice label = {NULL, 0};
    slice piece, value;
    while (snare_next_piece(&message, &piece)) {
        if (slice_ends(piece, S(":"))) {
            label = slice_first(piece, piece.len - 1);
            bool known =
                snare_find_label(snare_section_of(section, event_id), label) < SNARE_LABELS;
            if (snare_find_section(label, &section) || !(known || snare_is_name(label)))
                label = (slice){NULL, 0};
        } else if (!slice_is_absent(label)) {
            snare_add_value(event, snare_section_of(section, event_id), label, piece);
            label = (slice){NULL, 0};
        } else if (slice_find(piece, S(": ")) < piece.len) {
            slice_cut(piece, ':', &label, &value);
            snare_add_value(event, snare_section_of(section, event_id), label, slice_trim(value));
            label = (slice){NULL, 0};
        }
    }
}

/* --- the row --- */

static void snare_add_known(struct event *event, slice name, slice value)
{
    value = slice_trim(value);
    if (value.len > 0 && !slice_equal(value, S("N/A")))
        windows_add_system(event, name, value);
}

static void snare_add_type(struct event *event, slice type)
{
    type = slice_trim(type);
    if (slice_equal_nocase(type, S("Success Audit")))
        event_add_string(event, S("Keywords"), S("Audit Success"));
    else if (slice_equal_nocase(type, S("Failure Audit")))
        event_add_string(event, S("Keywords"), S("Audit Failure"));
    else if (type.len > 0)
        event_add_string(event, S("Level"), type);
}

bool snare_add(struct event *event, slice text)
{
    static const slice mark = S_INIT("MSWinEventLog\t");
    slice columns[SNARE_COLUMNS];
    slice front = slice_first(text, SNARE_BEFORE_MAX);
    bool row = slice_find_byte(front, '\t') < front.len;
    size_t start = row ? slice_find(front, mark) : front.len;
    size_t count = 0;
    slice rest = slice_from(text, start);
    if (start >= front.len)
        return false;
    while (count < SNARE_COLUMNS && slice_next(&rest, '\t', &columns[count]))
        count++;
    if (count <= SNARE_COMPUTER)
        return false;
    snare_add_known(event, S("Channel"), columns[SNARE_LOG]);
    snare_add_known(event, S("EventID"), columns[SNARE_EVENT_ID]);
    snare_add_known(event, S("Provider_Name"), columns[SNARE_SOURCE]);
    snare_add_known(event, S("Computer"), columns[SNARE_COMPUTER]);
    snare_add_known(event, S("User"), columns[SNARE_USER]);
    snare_add_type(event, columns[SNARE_TYPE]);
    if (count > SNARE_CATEGORY)
        snare_add_known(event, S("Task"), columns[SNARE_CATEGORY]);
    if (count > SNARE_MESSAGE) {
        event_add_string(event, S("Message"), slice_trim(columns[SNARE_MESSAGE]));
        snare_add_message(event, slice_trim(columns[SNARE_EVENT_ID]), columns[SNARE_MESSAGE]);
    }
    windows_finish(event);
    return true;
}
