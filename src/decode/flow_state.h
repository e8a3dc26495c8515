/* What is remembered of exporters from one datagram to the next: templates, sampling, definitions
 * of elements, sequence numbers. One state for all exporters of a capture or of a station's
 * partition; everything in it is bounded, and what is dropped for that is counted. */
#ifndef DECODE_FLOW_STATE_H
#define DECODE_FLOW_STATE_H

#include "base/result.h"
#include "decode/flow_role.h"

/* Fields of one template. */
#define FLOW_TEMPLATE_FIELDS_MAX 1024U
/* Templates of one observation domain, and their memory. The one used longest ago makes room. */
#define FLOW_DOMAIN_TEMPLATES_MAX 1024U
#define FLOW_DOMAIN_BYTES_MAX     ((size_t)2 << 20)
/* Observation domains of all exporters, and the memory of all. The domain used longest ago makes
 * room. */
#define FLOW_DOMAINS_MAX     4096U
#define FLOW_STATE_BYTES_MAX ((size_t)32 << 20)
/* Sampling rates of one domain by sampler, and elements that it defines itself (RFC 5610). */
#define FLOW_SAMPLERS_MAX 64U
#define FLOW_LEARNED_MAX  256U
/* Bytes of a name that an exporter gives. */
#define FLOW_NAME_MAX 64U

/* Length of a field that has one of its own in each record (RFC 7011, section 7). */
#define FLOW_LEN_VARIABLE 65535U
/* `enterprise` of the scope fields of NetFlow v9, whose types are numbers of their own. */
#define FLOW_ENTERPRISE_SCOPE UINT32_MAX
/* `id` of paddingOctets, which says nothing: of several in a template one is kept. */
#define FLOW_PADDING 210U

/* Who sent a datagram. Templates belong to its address and observation domain. */
struct flow_exporter {
    unsigned char address[16]; /* network order */
    size_t address_len;        /* 4, 16, or 0: not known */
    uint16_t port;
};

/* A field as a template specifies it. */
struct flow_spec {
    uint32_t enterprise;
    uint16_t id;
    uint16_t len;
};

struct flow_field {
    slice name; /* native, whole; empty: not kept */
    uint32_t enterprise;
    uint16_t id;
    uint16_t len;
    uint8_t type; /* enum flow_type */
    uint8_t role; /* enum flow_role */
};

struct flow_template {
    struct flow_template *chain;         /* of a bucket */
    struct flow_template *newer, *older; /* by last use */
    size_t bytes;
    uint32_t least_len; /* bytes of its shortest record; never 0 */
    uint16_t id;
    uint16_t count;
    uint16_t scope_count;
    bool options;
    struct flow_field fields[];
};

struct flow_rate {
    uint64_t numerator; /* packets of which `denominator` were seen; 0: not known */
    uint64_t denominator;
};

struct flow_domain;
struct flow_state;

struct flow_counts {
    uint64_t datagrams;
    uint64_t records;         /* of data, decoded */
    uint64_t templates;       /* learned, those that came again unchanged aside */
    uint64_t replaced;        /* of them: instead of one with other fields */
    uint64_t withdrawn;       /* by their exporter */
    uint64_t evicted;         /* templates dropped for want of room */
    uint64_t evicted_domains; /* domains dropped so, with all that was known */
    uint64_t waiting;         /* sets of data whose template had not come */
    uint64_t gaps;            /* jumps in sequence numbers */
    uint64_t lost;            /* records, of NetFlow v9 and sFlow datagrams, that they tell of */
    uint64_t restarts;        /* sequences that began anew */
};

struct flow_state *flow_state_new(void);
/* NULL is fine. */
void flow_state_free(struct flow_state *state);
const struct flow_counts *flow_state_counts(const struct flow_state *state);
struct flow_counts *flow_state_count(struct flow_state *state);

/* The domain, made when it is new. Valid until the next call. `protocol`: 5, 9, 10; sFlow: 0. */
struct flow_domain *flow_state_domain(
    struct flow_state *state, const struct flow_exporter *exporter, unsigned protocol, uint32_t id);

/* NULL when there is none. */
struct flow_template *flow_domain_template(struct flow_domain *domain, uint16_t id);
/* Learns a template; one of this id is replaced. `v9`: types are those of NetFlow v9.
 * RESULT_MALFORMED for one without bytes, RESULT_LIMIT for one with too many fields: then there is
 * none of this id. */
struct flow_template_spec {
    uint16_t id;
    uint16_t scope_count; /* fields at its front */
    bool options;
    bool v9;
    bool unpadded; /* padding is not kept at all */
    const struct flow_spec *fields;
    size_t count;
};
MUST_USE enum result flow_domain_learn(struct flow_state *state, struct flow_domain *domain,
    const struct flow_template_spec *spec, struct error *err);
/* Drops a template; with id 0 all of options, or all others. */
void flow_domain_withdraw(
    struct flow_state *state, struct flow_domain *domain, uint16_t id, bool options);

/* A template by itself, for what needs none from outside. Free with free(). */
MUST_USE enum result flow_template_make(const struct flow_domain *domain,
    const struct flow_template_spec *spec, struct flow_template **made, struct error *err);

/* What options say: sampling, the time that the device began, elements. */
void flow_domain_options(struct flow_domain *domain, const struct flow_slots *slots);
/* One of `interval` packets is seen, where nothing else is said; 0: not known. */
void flow_domain_sampling(struct flow_domain *domain, uint64_t interval);
/* The rate that holds for a record, numerator 0 when none is known. */
struct flow_rate flow_domain_rate(const struct flow_domain *domain, const struct flow_slots *slots);
/* ms since 1970 when the device began; 0: not known. */
uint64_t flow_domain_init_ms(const struct flow_domain *domain);

/* Looks at the sequence number of a datagram and gives how many units are missing before it. */
uint32_t flow_domain_sequence(
    struct flow_state *state, struct flow_domain *domain, uint32_t sequence);
/* Sets what the next one must be; `known` false: it cannot be said, since records were not read. */
void flow_domain_sequence_next(struct flow_domain *domain, uint32_t next, bool known);

/* What an element is called and of which type it is, in this domain. */
bool flow_domain_element(const struct flow_domain *domain, uint32_t enterprise, uint16_t id,
    struct flow_element *element);
/* Appends "netflow.", `middle`, and the name of the element or "element_ID", "element_NUMBER_ID".
 */
enum flow_type flow_domain_append_name(const struct flow_domain *domain, struct buf *out,
    slice middle, uint32_t enterprise, uint16_t id);

#endif
