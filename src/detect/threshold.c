/* See threshold.h. */
#include "detect/threshold.h"

#include <math.h>

bool threshold_holds(const struct sigma_correlation *spec, double number)
{
    bool holds[SIGMA_OPERATORS];
    holds[SIGMA_GT] = number > spec->operand[SIGMA_GT];
    holds[SIGMA_GTE] = number >= spec->operand[SIGMA_GTE];
    holds[SIGMA_LT] = number < spec->operand[SIGMA_LT];
    holds[SIGMA_LTE] = number <= spec->operand[SIGMA_LTE];
    holds[SIGMA_EQ] = !islessgreater(number, spec->operand[SIGMA_EQ]);
    holds[SIGMA_NEQ] = islessgreater(number, spec->operand[SIGMA_NEQ]);
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i] && !holds[i])
            return false;
    return true;
}

size_t threshold_enough(const struct sigma_correlation *spec, size_t most)
{
    double highest = 0;
    for (int i = 0; i < SIGMA_OPERATORS; i++)
        if (spec->has_operator[i])
            highest = fmax(highest, spec->operand[i]);
    return highest + 2 < (double)most ? (size_t)highest + 2 : most;
}
