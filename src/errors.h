/*
 * errors.h
 *		The SQLSTATEs of inclusion, class IN, listed once.
 *
 * IN0xx enrolment, IN1xx profile, IN2xx offer and import, IN3xx matching,
 * capacity and allocation, IN4xx journey, IN5xx impact, IN9xx installation.
 * The same list, with a French sentence and what to do, stands in table
 * inclusion_data.error_label; a test compares the two.
 */
#ifndef INCLUSION_ERRORS_H
#define INCLUSION_ERRORS_H

#include "utils/elog.h"

#define ERRCODE_INCLUSION_UNKNOWN_PERIMETER		MAKE_SQLSTATE('I','N','0','0','1')
#define ERRCODE_INCLUSION_REAL_IDENTITY			MAKE_SQLSTATE('I','N','0','0','2')
#define ERRCODE_INCLUSION_UNKNOWN_BENEFICIARY	MAKE_SQLSTATE('I','N','0','0','3')
#define ERRCODE_INCLUSION_BAD_ENROLMENT			MAKE_SQLSTATE('I','N','0','0','4')
#define ERRCODE_INCLUSION_NATIONAL_NUMBER		MAKE_SQLSTATE('I','N','0','0','5')
#define ERRCODE_INCLUSION_BAD_ASSESSMENT		MAKE_SQLSTATE('I','N','1','0','1')
#define ERRCODE_INCLUSION_NO_TARGET				MAKE_SQLSTATE('I','N','1','0','2')
#define ERRCODE_INCLUSION_BAD_OFFER				MAKE_SQLSTATE('I','N','2','0','1')
#define ERRCODE_INCLUSION_UNKNOWN_OFFER			MAKE_SQLSTATE('I','N','2','0','2')
#define ERRCODE_INCLUSION_BAD_IMPORT			MAKE_SQLSTATE('I','N','2','0','3')
#define ERRCODE_INCLUSION_NO_SEAT				MAKE_SQLSTATE('I','N','3','0','1')
#define ERRCODE_INCLUSION_NO_POLICY				MAKE_SQLSTATE('I','N','3','0','2')
#define ERRCODE_INCLUSION_BAD_STATE				MAKE_SQLSTATE('I','N','3','0','3')
#define ERRCODE_INCLUSION_UNKNOWN_PROPOSAL		MAKE_SQLSTATE('I','N','3','0','4')
#define ERRCODE_INCLUSION_NAMED_AGENT			MAKE_SQLSTATE('I','N','3','0','5')
#define ERRCODE_INCLUSION_BAD_ALLOCATION		MAKE_SQLSTATE('I','N','3','1','0')
#define ERRCODE_INCLUSION_NIGHT_REFUSED			MAKE_SQLSTATE('I','N','3','1','1')
#define ERRCODE_INCLUSION_NOT_SET_UP			MAKE_SQLSTATE('I','N','9','0','1')
#define ERRCODE_INCLUSION_FOREIGN_OBJECT		MAKE_SQLSTATE('I','N','9','0','2')
#define ERRCODE_INCLUSION_VERSION_MISMATCH		MAKE_SQLSTATE('I','N','9','0','3')
#define ERRCODE_INCLUSION_UNSAFE_SCHEMA			MAKE_SQLSTATE('I','N','9','0','4')
#define ERRCODE_INCLUSION_ONLY_GROWS			MAKE_SQLSTATE('I','N','9','0','5')

#endif							/* INCLUSION_ERRORS_H */
