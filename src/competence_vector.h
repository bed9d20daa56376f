/*
 * competence_vector.h
 *		Type competence_vector, as the server passes it: a pointer to the fixed
 *		32 bytes of core/competence.h.
 */
#ifndef INCLUSION_COMPETENCE_VECTOR_H
#define INCLUSION_COMPETENCE_VECTOR_H

#include "fmgr.h"

#include "core/competence.h"

#define DatumGetCompetenceVectorP(datum)	((CompetenceVector *) DatumGetPointer(datum))
#define CompetenceVectorPGetDatum(vector)	PointerGetDatum(vector)
#define PG_GETARG_COMPETENCE_VECTOR_P(n)	DatumGetCompetenceVectorP(PG_GETARG_DATUM(n))
#define PG_RETURN_COMPETENCE_VECTOR_P(vector) return CompetenceVectorPGetDatum(vector)

/* An error unless both are of one framework */
extern void require_one_framework(const CompetenceVector *one, const CompetenceVector *other);

#endif							/* INCLUSION_COMPETENCE_VECTOR_H */
