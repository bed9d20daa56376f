/*
 * need.h
 *		Type need, as the server passes it.
 */
#ifndef INCLUSION_NEED_H
#define INCLUSION_NEED_H

#include "core/need.h"
#include "image.h"

static inline void
need_read(Datum datum, Need *need)
{
	image_read(datum, need, sizeof(Need), NEED_VERSION, "need");
}

#define PG_RETURN_NEED(need) return image_make((need), sizeof(Need))

#endif							/* INCLUSION_NEED_H */
