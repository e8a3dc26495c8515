/* See flow_state.h. Domains are in a hash table and in a list by last use; templates hang at their
 * domain in the same way, so that a flood of templates of one domain drops its own only. Room for
 * another domain is made by dropping a whole one. Rejected: one list of all templates, where any
 * sender drives out those of all others one by one, and nobody can tell whose are missing. */
#include "decode/flow_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/map.h"
#include "decode/flow_value.h"

#define STATE_BUCKETS  1024U
#define DOMAIN_BUCKETS 64U
#define DOMAIN_KEY_LEN 24U
/* "netflow.options." and a number, and the name of an element of the table. */
#define STATE_NAME_MAX 160U
/* A sequence number at most this much below the expected one is of a datagram that came late. */
#define STATE_LATE_MAX 1024U

struct flow_learned {
    uint32_t enterprise;
    uint16_t id;
    uint8_t type;
    uint8_t name_len;
    char name[FLOW_NAME_MAX];
};

struct flow_sampler {
    uint64_t id;
    struct flow_rate rate;
};

struct flow_domain {
    char key[DOMAIN_KEY_LEN];
    uint64_t hash;
    struct flow_domain *chain;
    struct flow_domain *newer, *older;
    struct flow_template *buckets[DOMAIN_BUCKETS];
    struct flow_template *newest, *oldest;
    size_t count;
    size_t bytes;
    bool sequence_known;
    uint32_t sequence; /* of the next datagram */
    uint64_t init_ms;
    struct flow_rate rate; /* without a sampler's id */
    struct flow_sampler samplers[FLOW_SAMPLERS_MAX];
    size_t sampler_count;
    struct flow_learned *learned;
    size_t learned_count;
};

struct flow_state {
    struct flow_domain *buckets[STATE_BUCKETS];
    struct flow_domain *newest, *oldest;
    size_t count;
    size_t bytes; /* of all domains and templates */
    struct flow_counts counts;
};

/* --- names --- */

static const struct flow_learned *domain_learned(
    const struct flow_domain *domain, uint32_t enterprise, uint16_t id)
{
    for (size_t i = 0; domain != NULL && i < domain->learned_count; i++)
        if (domain->learned[i].enterprise == enterprise && domain->learned[i].id == id)
            return &domain->learned[i];
    return NULL;
}

bool flow_domain_element(const struct flow_domain *domain, uint32_t enterprise, uint16_t id,
    struct flow_element *element)
{
    static const slice scopes[] = {S_INIT("system"), S_INIT("interface"), S_INIT("lineCard"),
        S_INIT("netflowCache"), S_INIT("template")};
    if (enterprise == FLOW_ENTERPRISE_SCOPE) {
        if (id == 0 || id > sizeof(scopes) / sizeof(scopes[0]))
            return false;
        *element = (struct flow_element){scopes[id - 1], FLOW_UNSIGNED32};
        return true;
    }
    if (flow_element_find(enterprise, id, element))
        return true;
    const struct flow_learned *learned = domain_learned(domain, enterprise, id);
    if (learned == NULL)
        return false;
    *element = (struct flow_element){
        slice_make(learned->name, learned->name_len), (enum flow_type)learned->type};
    return true;
}

enum flow_type flow_domain_append_name(const struct flow_domain *domain, struct buf *out,
    slice middle, uint32_t enterprise, uint16_t id)
{
    struct flow_element element;
    buf_append(out, S("netflow."));
    buf_append(out, middle);
    if (flow_domain_element(domain, enterprise, id, &element)) {
        if (enterprise == FLOW_ENTERPRISE_REVERSE)
            buf_append(out, S("reverse_"));
        flow_element_append_name(out, element.name);
        return element.type;
    }
    buf_append(out, S("element_"));
    if (enterprise != 0 && enterprise != FLOW_ENTERPRISE_SCOPE) {
        buf_append_u64(out, enterprise);
        buf_append_byte(out, '_');
    }
    buf_append_u64(out, id);
    return FLOW_OCTET_ARRAY;
}

static enum flow_role state_role(uint32_t enterprise, uint16_t id)
{
    static const struct {
        uint32_t enterprise;
        uint16_t id;
        uint8_t role;
    } roles[] = {
#define ROLE(role, enterprise, id) {enterprise, id, FLOW_ROLE_##role},
        FLOW_ROLES(ROLE)
#undef ROLE
    };
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        if (roles[i].enterprise == enterprise && roles[i].id == id)
            return (enum flow_role)roles[i].role;
    return FLOW_ROLE_NONE;
}

/* --- templates --- */

static slice state_middle(const struct flow_template_spec *spec, size_t at)
{
    if (at < spec->scope_count)
        return S("scope.");
    return spec->options ? S("options.") : S("");
}

static bool state_is_padding(const struct flow_template_spec *spec, size_t at)
{
    bool kept = !spec->unpadded;
    if (spec->fields[at].id != FLOW_PADDING || spec->fields[at].enterprise != 0)
        return false;
    for (size_t i = 0; i < at && kept; i++)
        kept = spec->fields[i].id != FLOW_PADDING || spec->fields[i].enterprise != 0;
    return !kept;
}

/* Fills the field in but for its name, which is appended to `names`. */
static void state_field(const struct flow_domain *domain, const struct flow_template_spec *spec,
    size_t at, struct flow_field *field, struct buf *names)
{
    const struct flow_spec *from = &spec->fields[at];
    struct flow_element element;
    *field = (struct flow_field){.enterprise = from->enterprise, .id = from->id, .len = from->len};
    if (spec->v9 && from->enterprise == 0)
        (void)flow_element_find_v9(from->id, &field->enterprise, &field->id, &element);
    size_t begin = names->len;
    if (state_is_padding(spec, at))
        return;
    field->type = (uint8_t)flow_domain_append_name(
        domain, names, state_middle(spec, at), field->enterprise, field->id);
    field->role = (uint8_t)state_role(field->enterprise, field->id);
    field->name.len = names->len - begin;
}

enum result flow_template_make(const struct flow_domain *domain,
    const struct flow_template_spec *spec, struct flow_template **made, struct error *err)
{
    uint64_t least = 0;
    if (spec->count > FLOW_TEMPLATE_FIELDS_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_FLOW_TEMPLATE_MAX, ARG(spec->id), ARG(spec->count),
            ARG(FLOW_TEMPLATE_FIELDS_MAX));
    for (size_t i = 0; i < spec->count; i++)
        least += spec->fields[i].len == FLOW_LEN_VARIABLE ? 1 : spec->fields[i].len;
    if (least == 0)
        return error_set(err, RESULT_MALFORMED, TEXT_FLOW_TEMPLATE, ARG(spec->id));
    struct buf names;
    buf_init(&names, spec->count * STATE_NAME_MAX);
    struct flow_field *fields = calloc(spec->count, sizeof(*fields));
    ASSERT(fields != NULL);
    for (size_t i = 0; i < spec->count; i++)
        state_field(domain, spec, i, &fields[i], &names);
    ASSERT(!names.overflow);
    size_t fields_len = spec->count * sizeof(*fields);
    size_t bytes = sizeof(struct flow_template) + fields_len + names.len;
    struct flow_template *template = malloc(bytes);
    ASSERT(template != NULL);
    *template = (struct flow_template){.bytes = bytes,
        .least_len = (uint32_t)least,
        .id = spec->id,
        .count = (uint16_t)spec->count,
        .scope_count = spec->scope_count,
        .options = spec->options};
    memcpy(template->fields, fields, fields_len);
    char *text = (char *)template + sizeof(*template) + fields_len;
    memcpy(text, names.at, names.len);
    for (size_t i = 0; i < spec->count; i++) {
        template->fields[i].name.at = text;
        text += template->fields[i].name.len;
    }
    buf_free(&names);
    free(fields);
    *made = template;
    return RESULT_OK;
}

static void domain_unlink(struct flow_domain *domain, struct flow_template *template)
{
    if (template->newer != NULL)
        template->newer->older = template->older;
    else
        domain->newest = template->older;
    if (template->older != NULL)
        template->older->newer = template->newer;
    else
        domain->oldest = template->newer;
}

static void domain_link(struct flow_domain *domain, struct flow_template *template)
{
    template->newer = NULL;
    template->older = domain->newest;
    if (domain->newest != NULL)
        domain->newest->newer = template;
    else
        domain->oldest = template;
    domain->newest = template;
}

struct flow_template *flow_domain_template(struct flow_domain *domain, uint16_t id)
{
    struct flow_template *template = domain->buckets[id % DOMAIN_BUCKETS];
    while (template != NULL && template->id != id)
        template = template->chain;
    if (template != NULL && template != domain->newest) {
        domain_unlink(domain, template);
        domain_link(domain, template);
    }
    return template;
}

static void domain_drop(
    struct flow_state *state, struct flow_domain *domain, struct flow_template *template)
{
    struct flow_template **at = &domain->buckets[template->id % DOMAIN_BUCKETS];
    while (*at != template)
        at = &(*at)->chain;
    *at = template->chain;
    domain_unlink(domain, template);
    domain->count--;
    domain->bytes -= template->bytes;
    state->bytes -= template->bytes;
    free(template);
}

void flow_domain_withdraw(
    struct flow_state *state, struct flow_domain *domain, uint16_t id, bool options)
{
    struct flow_template *template = id == 0 ? domain->newest : flow_domain_template(domain, id);
    while (template != NULL) {
        struct flow_template *next = id == 0 ? template->older : NULL;
        if (template->options == options) {
            state->counts.withdrawn++;
            domain_drop(state, domain, template);
        }
        template = next;
    }
}

static bool domain_is_same(const struct flow_template *template, const struct flow_template *other)
{
    if (template->count != other->count || template->scope_count != other->scope_count ||
        template->options != other->options)
        return false;
    for (size_t i = 0; i < template->count; i++) {
        const struct flow_field *a = &template->fields[i], *b = &other->fields[i];
        if (a->enterprise != b->enterprise || a->id != b->id || a->len != b->len ||
            a->type != b->type || !slice_equal(a->name, b->name))
            return false;
    }
    return true;
}

static void state_drop_domain(struct flow_state *state, struct flow_domain *domain);

/* Room for the template that the domain has just got, which is the newest of the newest domain. */
static void state_make_room(struct flow_state *state, struct flow_domain *domain)
{
    while (domain->oldest != domain->newest &&
           (domain->count > FLOW_DOMAIN_TEMPLATES_MAX || domain->bytes > FLOW_DOMAIN_BYTES_MAX)) {
        state->counts.evicted++;
        domain_drop(state, domain, domain->oldest);
    }
    while (state->bytes > FLOW_STATE_BYTES_MAX && state->oldest != domain) {
        state->counts.evicted_domains++;
        state_drop_domain(state, state->oldest);
    }
}

enum result flow_domain_learn(struct flow_state *state, struct flow_domain *domain,
    const struct flow_template_spec *spec, struct error *err)
{
    struct flow_template *before = flow_domain_template(domain, spec->id);
    struct flow_template *template;
    enum result result = flow_template_make(domain, spec, &template, err);
    if (result == RESULT_OK && before != NULL && domain_is_same(before, template)) {
        free(template);
        return RESULT_OK;
    }
    if (before != NULL) {
        state->counts.replaced += result == RESULT_OK;
        domain_drop(state, domain, before);
    }
    if (result != RESULT_OK)
        return result;
    struct flow_template **bucket = &domain->buckets[spec->id % DOMAIN_BUCKETS];
    template->chain = *bucket;
    *bucket = template;
    domain_link(domain, template);
    domain->count++;
    domain->bytes += template->bytes;
    state->bytes += template->bytes;
    state->counts.templates++;
    state_make_room(state, domain);
    return RESULT_OK;
}

/* --- domains --- */

struct flow_state *flow_state_new(void)
{
    struct flow_state *state = calloc(1, sizeof(*state));
    ASSERT(state != NULL);
    return state;
}

static void state_unlink(struct flow_state *state, struct flow_domain *domain)
{
    if (domain->newer != NULL)
        domain->newer->older = domain->older;
    else
        state->newest = domain->older;
    if (domain->older != NULL)
        domain->older->newer = domain->newer;
    else
        state->oldest = domain->newer;
}

static void state_link(struct flow_state *state, struct flow_domain *domain)
{
    domain->newer = NULL;
    domain->older = state->newest;
    if (state->newest != NULL)
        state->newest->newer = domain;
    else
        state->oldest = domain;
    state->newest = domain;
}

static void state_drop_domain(struct flow_state *state, struct flow_domain *domain)
{
    struct flow_domain **at = &state->buckets[domain->hash % STATE_BUCKETS];
    while (domain->oldest != NULL)
        domain_drop(state, domain, domain->oldest);
    while (*at != domain)
        at = &(*at)->chain;
    *at = domain->chain;
    state_unlink(state, domain);
    state->count--;
    state->bytes -= sizeof(*domain);
    free(domain->learned);
    free(domain);
}

void flow_state_free(struct flow_state *state)
{
    if (state == NULL)
        return;
    while (state->oldest != NULL)
        state_drop_domain(state, state->oldest);
    free(state);
}

const struct flow_counts *flow_state_counts(const struct flow_state *state)
{
    return &state->counts;
}

struct flow_counts *flow_state_count(struct flow_state *state)
{
    return &state->counts;
}

static void state_key(
    char *key, const struct flow_exporter *exporter, unsigned protocol, uint32_t id)
{
    struct buf out;
    memset(key, 0, DOMAIN_KEY_LEN);
    buf_init_fixed(&out, key, DOMAIN_KEY_LEN);
    buf_append_byte(&out, (char)protocol);
    buf_append_byte(&out, (char)exporter->address_len);
    for (unsigned shift = 0; shift < 32; shift += 8)
        buf_append_byte(&out, (char)(id >> shift & 0xff));
    buf_append(&out, slice_make(exporter->address, exporter->address_len));
    ASSERT(!out.overflow);
}

struct flow_domain *flow_state_domain(
    struct flow_state *state, const struct flow_exporter *exporter, unsigned protocol, uint32_t id)
{
    char key[DOMAIN_KEY_LEN];
    state_key(key, exporter, protocol, id);
    if (state->newest != NULL && memcmp(state->newest->key, key, DOMAIN_KEY_LEN) == 0)
        return state->newest;
    uint64_t hash = map_hash(slice_make(key, DOMAIN_KEY_LEN));
    struct flow_domain *domain = state->buckets[hash % STATE_BUCKETS];
    while (domain != NULL && memcmp(domain->key, key, DOMAIN_KEY_LEN) != 0)
        domain = domain->chain;
    if (domain != NULL) {
        state_unlink(state, domain);
        state_link(state, domain);
        return domain;
    }
    domain = calloc(1, sizeof(*domain));
    ASSERT(domain != NULL);
    memcpy(domain->key, key, DOMAIN_KEY_LEN);
    domain->hash = hash;
    domain->chain = state->buckets[hash % STATE_BUCKETS];
    state->buckets[hash % STATE_BUCKETS] = domain;
    state_link(state, domain);
    state->bytes += sizeof(*domain);
    if (++state->count > FLOW_DOMAINS_MAX) {
        state->counts.evicted_domains++;
        state_drop_domain(state, state->oldest);
    }
    state_make_room(state, domain);
    return domain;
}

/* --- sequence numbers --- */

uint32_t flow_domain_sequence(
    struct flow_state *state, struct flow_domain *domain, uint32_t sequence)
{
    uint32_t ahead = sequence - domain->sequence;
    uint32_t behind = domain->sequence - sequence;
    if (!domain->sequence_known || ahead == 0)
        return 0;
    if (behind <= STATE_LATE_MAX || ahead > INT32_MAX) {
        state->counts.restarts += behind > STATE_LATE_MAX;
        return 0;
    }
    state->counts.gaps++;
    state->counts.lost += ahead;
    return ahead;
}

void flow_domain_sequence_next(struct flow_domain *domain, uint32_t next, bool known)
{
    uint32_t behind = domain->sequence - next;
    /* A datagram that came late does not set the clock back. */
    if (known && domain->sequence_known && behind > 0 && behind <= STATE_LATE_MAX)
        return;
    domain->sequence = next;
    domain->sequence_known = known;
}

/* --- options --- */

static uint64_t slot_number(const struct flow_slots *slots, enum flow_role role)
{
    const struct flow_slot *slot = flow_slot(slots, role);
    return slot == NULL ? 0 : flow_value_u64(slot->bytes);
}

/* What fields that stand together say: 1 of n (NetFlow), n and then m not (RFC 5477, 8.2), n of m,
 * a probability. */
static struct flow_rate slots_rate(const struct flow_slots *slots)
{
    uint64_t interval = slot_number(slots, FLOW_ROLE_PACKET_INTERVAL);
    uint64_t space = slot_number(slots, FLOW_ROLE_PACKET_SPACE);
    uint64_t size = slot_number(slots, FLOW_ROLE_SAMPLING_SIZE);
    uint64_t population = slot_number(slots, FLOW_ROLE_SAMPLING_POPULATION);
    const struct flow_slot *probability = flow_slot(slots, FLOW_ROLE_SAMPLING_PROBABILITY);
    if (flow_slot(slots, FLOW_ROLE_SAMPLING_INTERVAL) != NULL)
        return (struct flow_rate){slot_number(slots, FLOW_ROLE_SAMPLING_INTERVAL), 1};
    if (interval > 0 && interval <= UINT32_MAX && space <= UINT32_MAX)
        return (struct flow_rate){interval + space, interval};
    if (size > 0 && population >= size)
        return (struct flow_rate){population, size};
    double chance = probability == NULL ? 0 : flow_value_double(probability->bytes);
    if (chance > 1e-9 && chance <= 1)
        return (struct flow_rate){(uint64_t)(1 / chance * 1000 + 0.5), 1000};
    return (struct flow_rate){0, 1};
}

static struct flow_sampler *domain_sampler(struct flow_domain *domain, uint64_t id)
{
    for (size_t i = 0; i < domain->sampler_count; i++)
        if (domain->samplers[i].id == id)
            return &domain->samplers[i];
    /* A device that has more than a few changes them; the first makes room. */
    if (domain->sampler_count == FLOW_SAMPLERS_MAX) {
        memmove(domain->samplers, domain->samplers + 1,
            (FLOW_SAMPLERS_MAX - 1) * sizeof(domain->samplers[0]));
        domain->sampler_count--;
    }
    struct flow_sampler *sampler = &domain->samplers[domain->sampler_count++];
    sampler->id = id;
    return sampler;
}

/* RFC 5610, section 3: the name and type of an element that no registry has. Letters, digits and
 * '_' only; the first definition stays, since templates point to it. */
static void domain_learn_element(struct flow_domain *domain, const struct flow_slots *slots)
{
    const struct flow_slot *name = flow_slot(slots, FLOW_ROLE_ELEMENT_NAME);
    const struct flow_slot *type = flow_slot(slots, FLOW_ROLE_ELEMENT_TYPE);
    uint64_t id = slot_number(slots, FLOW_ROLE_ELEMENT_ID) & 0x7fff;
    uint64_t enterprise = slot_number(slots, FLOW_ROLE_ELEMENT_ENTERPRISE);
    struct flow_element known;
    if (name == NULL || type == NULL || name->text.len == 0 || name->text.len > FLOW_NAME_MAX ||
        enterprise >= FLOW_ENTERPRISE_SCOPE || flow_value_u64(type->bytes) >= FLOW_TYPE_COUNT ||
        flow_domain_element(domain, (uint32_t)enterprise, (uint16_t)id, &known) ||
        domain->learned_count == FLOW_LEARNED_MAX)
        return;
    for (size_t i = 0; i < name->text.len; i++)
        if (!byte_is_alnum(name->text.at[i]) && name->text.at[i] != '_')
            return;
    if (domain->learned == NULL)
        domain->learned = calloc(FLOW_LEARNED_MAX, sizeof(*domain->learned));
    ASSERT(domain->learned != NULL);
    struct flow_learned *learned = &domain->learned[domain->learned_count++];
    *learned = (struct flow_learned){.enterprise = (uint32_t)enterprise,
        .id = (uint16_t)id,
        .type = (uint8_t)flow_value_u64(type->bytes),
        .name_len = (uint8_t)name->text.len};
    memcpy(learned->name, name->text.at, name->text.len);
}

void flow_domain_options(struct flow_domain *domain, const struct flow_slots *slots)
{
    struct flow_rate rate = slots_rate(slots);
    if (rate.numerator > 0 && flow_slot(slots, FLOW_ROLE_SAMPLER) != NULL)
        domain_sampler(domain, slot_number(slots, FLOW_ROLE_SAMPLER))->rate = rate;
    else if (rate.numerator > 0)
        domain->rate = rate;
    if (flow_slot(slots, FLOW_ROLE_INIT_TIME) != NULL)
        domain->init_ms = slot_number(slots, FLOW_ROLE_INIT_TIME);
    domain_learn_element(domain, slots);
}

void flow_domain_sampling(struct flow_domain *domain, uint64_t interval)
{
    domain->rate = (struct flow_rate){interval, 1};
}

struct flow_rate flow_domain_rate(const struct flow_domain *domain, const struct flow_slots *slots)
{
    struct flow_rate rate = slots_rate(slots);
    if (rate.numerator > 0)
        return rate;
    if (flow_slot(slots, FLOW_ROLE_SAMPLER) != NULL) {
        uint64_t id = slot_number(slots, FLOW_ROLE_SAMPLER);
        for (size_t i = 0; i < domain->sampler_count; i++)
            if (domain->samplers[i].id == id)
                return domain->samplers[i].rate;
    }
    return domain->rate;
}

uint64_t flow_domain_init_ms(const struct flow_domain *domain)
{
    return domain->init_ms;
}
