/*
 * image.h
 *		Types need and supply, as the server passes them: a variable-length
 *		value whose content is the image of a struct of the core.
 *
 * On disk the length word may be a single byte, which leaves the image
 * unaligned: it is always copied, once, into a struct of the caller.
 */
#ifndef INCLUSION_IMAGE_H
#define INCLUSION_IMAGE_H

#include "fmgr.h"

#include "face.h"

/* A new value holding this image. */
extern Datum image_make(const void *image, Size size);

/* Raise that the value is not an image of this size and version. */
pg_noreturn extern void image_refuse(const struct varlena *value, const char *type);

/* Copy the image; its first byte is its version. */
static inline void
image_read(Datum datum, void *image, Size size, uint8 version, const char *type)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);

	if (VARSIZE_ANY_EXHDR(value) != size || *(uint8 *) VARDATA_ANY(value) != version)
		image_refuse(value, type);
	memcpy(image, VARDATA_ANY(value), size);
	if (value != (struct varlena *) DatumGetPointer(datum))
		pfree(value);
}

#endif							/* INCLUSION_IMAGE_H */
