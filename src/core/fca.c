/*
 * fca.c
 *		The kernels of floating catchment areas.
 */
#include "fca.h"

#include <stddef.h>
#include <string.h>

#include "number.h"
#include "word.h"

#define KERNEL_HINT "Kernels are step, bands, bands_steep, apl, gaussian and epanechnikov; after a colon, the reach in minutes, or bands such as bands:10=1,20=0.5."

/* Longer than any number that is meant. */
#define TEXT_MAX 32

static const struct
{
	const char *name;
	FcaKernel	kernel;
}			named_kernels[] = {
	{"step", {FCA_BANDS, 1, {30}, {1}}},
	{"bands", {FCA_BANDS, 3, {10, 20, 30}, {1, 0.68, 0.22}}},
	{"bands_steep", {FCA_BANDS, 3, {10, 20, 30}, {1, 0.42, 0.09}}},
	{"apl", {FCA_BANDS, 3, {10, 15, 20}, {1, 2.0 / 3, 1.0 / 3}}},
	{"gaussian", {FCA_GAUSSIAN, 1, {30}, {1}}},
	{"epanechnikov", {FCA_EPANECHNIKOV, 1, {30}, {1}}},
};

static bool
unknown_kernel(const char *text, Problem *problem)
{
	problem_set(problem, "unknown kernel of access: \"%s\"", text);
	return problem_hint(problem, KERNEL_HINT);
}

/* A number of these characters. */
static bool
read_number(const char *text, size_t length, double *result)
{
	char		copy[TEXT_MAX];

	if (length >= TEXT_MAX)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return number_parse(copy, result) && isfinite(*result);
}

/* minutes=weight, then the next; minutes grow and weights never do. */
static bool
read_bands(const char *at, FcaKernel *kernel)
{
	double		until = 0;
	double		weight = 1;

	for (kernel->count = 0; kernel->count < FCA_BANDS_MAX; at++)
	{
		size_t		minutes = strcspn(at, "=");
		size_t		whole = strcspn(at, ",");
		int			band = kernel->count++;

		if (minutes >= whole || !read_number(at, minutes, &kernel->until[band]) ||
			!read_number(at + minutes + 1, whole - minutes - 1, &kernel->weight[band]) ||
			kernel->until[band] <= until || kernel->weight[band] > weight || kernel->weight[band] < 0)
			return false;
		until = kernel->until[band];
		weight = kernel->weight[band];
		at += whole;
		if (*at == '\0')
			return true;
	}
	return false;
}

static bool
read_reach(const char *text, FcaKernel *kernel)
{
	return kernel->count == 1 && read_number(text, strlen(text), &kernel->until[0]) &&
		kernel->until[0] > 0;
}

bool
fca_parse(const char *text, FcaKernel *kernel, Problem *problem)
{
	size_t		length = strcspn(text, ":");

	for (size_t i = 0; i < sizeof(named_kernels) / sizeof(named_kernels[0]); i++)
	{
		const char *parameter = text + length + 1;

		if (!word_equals(named_kernels[i].name, text, length))
			continue;
		*kernel = named_kernels[i].kernel;
		if (text[length] == '\0')
			return true;
		return (strcmp(named_kernels[i].name, "bands") == 0 ? read_bands(parameter, kernel) :
				read_reach(parameter, kernel)) || unknown_kernel(text, problem);
	}
	return unknown_kernel(text, problem);
}

bool
fca_weight(const FcaKernel *kernel, double minutes, double *weight, Problem *problem)
{
	double		reach = kernel->until[kernel->count - 1];
	double		share = minutes / reach;

	if (!(minutes >= 0))
	{
		problem_set(problem, "invalid travel time: %g minutes", minutes);
		return problem_hint(problem, "Travel times are counted from 0 up; leave out what cannot be reached.");
	}
	*weight = 0;
	if (minutes > reach)
		return true;
	if (kernel->shape == FCA_GAUSSIAN)
		*weight = (exp(-0.5 * share * share) - exp(-0.5)) / (1 - exp(-0.5));
	else if (kernel->shape == FCA_EPANECHNIKOV)
		*weight = 0.75 * (1 - share * share);
	for (int band = 0; kernel->shape == FCA_BANDS; band++)
	{
		if (minutes > kernel->until[band])
			continue;
		*weight = kernel->weight[band];
		break;
	}
	return true;
}
