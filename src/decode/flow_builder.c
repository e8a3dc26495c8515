/* See flow_builder.h. */
#include "decode/flow_builder.h"

#include "base/base.h"
#include "wire/reader.h"

static void builder_u16(struct buf *out, unsigned value)
{
    buf_append_byte(out, (char)(value >> 8 & 0xff));
    buf_append_byte(out, (char)(value & 0xff));
}

void flow_builder_begin(struct flow_builder *builder)
{
    buf_init_fixed(&builder->out, builder->memory, sizeof(builder->memory));
}

void flow_builder_u8(struct flow_builder *builder, unsigned value)
{
    buf_append_byte(&builder->out, (char)value);
}

void flow_builder_u16(struct flow_builder *builder, unsigned value)
{
    builder_u16(&builder->out, value);
}

void flow_builder_u32(struct flow_builder *builder, uint32_t value)
{
    writer_be32(&builder->out, value);
}

void flow_builder_u64(struct flow_builder *builder, uint64_t value)
{
    writer_be64(&builder->out, value);
}

void flow_builder_bytes(struct flow_builder *builder, slice bytes)
{
    buf_append(&builder->out, bytes);
}

void flow_builder_words(struct flow_builder *builder, const uint16_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        flow_builder_u16(builder, words[i]);
}

void flow_builder_v5(
    struct flow_builder *builder, unsigned count, uint32_t sequence, unsigned sampling)
{
    flow_builder_begin(builder);
    FLOW_BUILDER_WORDS(builder, 5, (uint16_t)count);
    flow_builder_u32(builder, FLOW_BUILDER_UPTIME_MS);
    flow_builder_u32(builder, FLOW_BUILDER_SECONDS);
    flow_builder_u32(builder, 500000000); /* ns */
    flow_builder_u32(builder, sequence);
    FLOW_BUILDER_WORDS(builder, 0x0102, (uint16_t)(0x4000 | sampling));
}

void flow_builder_v9(struct flow_builder *builder, uint32_t sequence, uint32_t source)
{
    flow_builder_begin(builder);
    FLOW_BUILDER_WORDS(builder, 9, 1);
    flow_builder_u32(builder, FLOW_BUILDER_UPTIME_MS);
    flow_builder_u32(builder, FLOW_BUILDER_SECONDS);
    flow_builder_u32(builder, sequence);
    flow_builder_u32(builder, source);
}

void flow_builder_ipfix(struct flow_builder *builder, uint32_t sequence, uint32_t source)
{
    flow_builder_begin(builder);
    FLOW_BUILDER_WORDS(builder, 10, 0);
    flow_builder_u32(builder, FLOW_BUILDER_SECONDS);
    flow_builder_u32(builder, sequence);
    flow_builder_u32(builder, source);
}

static void builder_patch(struct flow_builder *builder, size_t at, size_t value)
{
    builder->memory[at] = (char)(value >> 8 & 0xff);
    builder->memory[at + 1] = (char)(value & 0xff);
}

void flow_builder_set(struct flow_builder *builder, unsigned id)
{
    builder->set = builder->out.len;
    FLOW_BUILDER_WORDS(builder, (uint16_t)id, 0);
}

void flow_builder_set_end(struct flow_builder *builder, size_t align)
{
    while ((builder->out.len - builder->set) % align != 0)
        flow_builder_u8(builder, 0);
    builder_patch(builder, builder->set + 2, builder->out.len - builder->set);
}

slice flow_builder_end(struct flow_builder *builder)
{
    ASSERT(!builder->out.overflow);
    if (builder->memory[1] == 10)
        builder_patch(builder, 2, builder->out.len);
    return buf_slice(&builder->out);
}

void flow_builder_frame(struct buf *out, unsigned vlan, uint16_t port, slice payload)
{
    const unsigned udp_header = 8, ip_header = 20;
    unsigned udp = (unsigned)payload.len + udp_header;
    buf_append(out, S("\2\0\0\0\0\1\2\0\0\0\0\2"));
    if (vlan != 0) {
        builder_u16(out, 0x8100);
        builder_u16(out, vlan);
    }
    builder_u16(out, 0x0800);
    buf_append(out, S("\x45\0"));
    builder_u16(out, udp + ip_header);
    buf_append(out, S("\0\0\0\0\x40\x11\0\0\xc0\0\2\1\xc0\0\2\2"));
    builder_u16(out, 4444);
    builder_u16(out, port);
    builder_u16(out, udp);
    builder_u16(out, 0);
    buf_append(out, payload);
}

void flow_builder_pcap(struct buf *out)
{
    writer_be32(out, 0xa1b2c3d4);
    builder_u16(out, 2);
    builder_u16(out, 4);
    writer_be64(out, 0);
    writer_be32(out, 262144);
    writer_be32(out, 1); /* Ethernet */
}

void flow_builder_pcap_packet(struct buf *out, uint32_t seconds, slice frame)
{
    writer_be32(out, seconds);
    writer_be32(out, 0);
    writer_be32(out, (uint32_t)frame.len);
    writer_be32(out, (uint32_t)frame.len);
    buf_append(out, frame);
}
