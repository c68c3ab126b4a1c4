// Distribution functions that tests and intervals need, in double. Incomplete beta and gamma by
// their series and continued fractions (Lentz 1976); quantiles by bisection of the distribution
// function. Agreement with scipy is better than 1e-10 where tests and intervals use them.
#pragma once

namespace refrain::score {

double normal_cdf(double z);
double normal_quantile(double p);                         // p in (0, 1)
double incomplete_beta(double a, double b, double x);     // regularised: I_x(a, b)
double t_two_sided(double t, double df);                  // P(|T| >= |t|)
double t_quantile(double p, double df);                   // p in (0, 1)
double chi_square_above(double x, double df);             // P(X >= x)
double f_above(double x, double df1, double df2);         // P(F >= x)
double fair_coin_two_sided(double heads, double tosses);  // exact binomial test of 1/2

// P(range of k independent standard normals <= q), and where it is p: the studentised range with
// infinitely many degrees of freedom (Tukey 1949).
double normal_range_cdf(double q, int k);
double normal_range_quantile(double p, int k);

}  // namespace refrain::score
