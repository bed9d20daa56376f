/*
 * wire.h
 *		The binary form that needs and supplies share: fields one after the
 *		other, big-endian, without padding.
 */
#ifndef INCLUSION_CORE_WIRE_H
#define INCLUSION_CORE_WIRE_H

#include <stdint.h>
#include <string.h>

static inline void
wire_put_bytes(uint8_t **at, const uint8_t *bytes, size_t length)
{
	memcpy(*at, bytes, length);
	*at += length;
}

static inline void
wire_put_byte(uint8_t **at, uint8_t byte)
{
	*(*at)++ = byte;
}

static inline void
wire_put_uint32(uint8_t **at, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		wire_put_byte(at, (uint8_t) (value >> shift));
}

static inline void
wire_put_int32(uint8_t **at, int32_t value)
{
	wire_put_uint32(at, (uint32_t) value);
}

static inline void
wire_put_double(uint8_t **at, double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	wire_put_uint32(at, (uint32_t) (bits >> 32));
	wire_put_uint32(at, (uint32_t) bits);
}

static inline void
wire_get_bytes(const uint8_t **at, uint8_t *bytes, size_t length)
{
	memcpy(bytes, *at, length);
	*at += length;
}

static inline uint8_t
wire_get_byte(const uint8_t **at)
{
	return *(*at)++;
}

static inline uint32_t
wire_get_uint32(const uint8_t **at)
{
	uint32_t	value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | wire_get_byte(at);
	return value;
}

static inline int32_t
wire_get_int32(const uint8_t **at)
{
	return (int32_t) wire_get_uint32(at);
}

static inline double
wire_get_double(const uint8_t **at)
{
	uint64_t	bits = (uint64_t) wire_get_uint32(at) << 32;
	double		value;

	bits |= wire_get_uint32(at);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

#endif							/* INCLUSION_CORE_WIRE_H */
