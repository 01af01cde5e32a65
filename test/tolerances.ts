/** Every tolerance of the tests, with its reason. */

/**
 * False-alarm rate of one family of statistical checks; each of its k checks is held at FALSE_ALARM / k. Seeds are
 * fixed: a failure is a change, not bad luck.
 */
export const FALSE_ALARM = 1e-3;

/** What a check must say (p below this) when it is fed a wrong input: far beyond any family's level. */
export const NEGATIVE_CONTROL = 1e-6;

/**
 * A normal against a ziggurat from the published area V, which has 12 digits; an error in V grows over 254 layers.
 * Measured 7e-11.
 */
export const ZIGGURAT = 1e-9;
/**
 * exp and log promise 1.5 and 1 ulp; the judge (Math.*) is itself right to 1 ulp, log1p and softplus add two or three
 * roundings.
 */
export const ULPS = { exp: 2.5, log: 2, log1p: 3, softplus: 4, sigmoid: 3 } as const;
/**
 * Relative error of the normal tail in units of 2^-52 (1 + x^2): x / sqrt 2 is rounded, and e^{-x^2/2} multiplies that
 * by x^2. Measured 1.4.
 */
export const TAIL_ULPS = 4;
/** The documented relative error of the tail up to x = 7 is 2e-15 (measured 2.2e-15 with the judge's own error). */
export const TAIL_CENTRE = 4e-15;
/**
 * Quantiles: the judge goes through erfinv(2u - 1), whose argument is rounded by 2^-53: an error of 2^-53 / density(x),
 * and a few ulp.
 */
export const QUANTILE_ULPS = 8;
/** tail(quantile(u)) against u, relative, in units of 2^-52 (1 + x^2), the condition number of the tail. Measured 4. */
export const ROUND_TRIP_ULPS = 12;
/** Dense factorisations of well-conditioned matrices of size <= 20: some hundred roundings. */
export const FACTORISATION = 1e-12;
/**
 * Least squares of least norm against ml-matrix's singular values, matrices up to 14 x 9, relative to the largest entry
 * and to a condition number (largest entry of A⁺ times that of A). Measured 4e-14.
 */
export const LEAST_NORM = 1e-12;
/** The distance 1e-9 of two nearly parallel rows after an LQ factorisation: 2^-52 / 1e-9, and some. */
export const NEAR_PARALLEL = 1e-6;
/** Intercept and slope through exact points with |y| to 1,000 and weights 1 : 10^4. */
export const LINE_FIT = 1e-9;
/** Sums of a few numbers of order one against the same sum in another order. */
export const ROUNDING = 1e-13;

/**
 * A lattice of 64 points in 6 dimensions against 64 plain points, smooth integrand: measured 45 times less variance
 * (known to 14 % with 200 shifts).
 */
export const LATTICE_GAIN = 20;

/** (f(x + h) - f(x - h)) / 2h with h = 1e-5: rounding 1e-16 |f| / h with |f| to 40, and h^2 f''' / 6 with f''' to 6. */
export const DIFFERENCE_QUOTIENT = 1e-9;
/**
 * The same for losses of whole networks: sums over samples with third derivatives to a few hundred (h^2 f''' / 6 =
 * 5e-9). Measured 1.2e-9.
 */
export const GRADIENT = 1e-8;

/**
 * Outputs of a deep network by its arrays, in another order of arithmetic: some hundred roundings of numbers of order
 * ten; filters in the span are put together from coefficients. Measured 4e-15.
 */
export const FORWARD_PASS = 1e-12;
/**
 * Two engines on the same draws, relative to max(1, |.|), over 1,000 steps: rounding errors of 1e-16 add up over steps
 * and are stretched where margins are steep. Measured 1e-12.
 */
export const ENGINES = 1e-10;
/**
 * The gap of two layers' squared norms after a step against eta^2 times that of their gradients, relative to the largest
 * squared norm: sums of up to some hundred squares. Measured 3e-15.
 */
export const LAYER_IDENTITY = 1e-12;
/** A value this near to a kink may fall to either side by rounding alone; the two runs are then both right and part. */
export const NEAR_KINK = 1e-10;
/** Share of runs that may part so: one in a hundred. */
export const CUT_SHORT_SHARE = 0.01;

/** Outputs to 10 after 2,000 steps of a scalar recursion in two orders of arithmetic. */
export const RECURSION = 1e-11;
/**
 * How far the ratio of two errors may be from 2 when the step is halved: the next term of the expansion, itself halved
 * each time. Measured 0.01.
 */
export const FIRST_ORDER = 0.1;

/**
 * Our runs against PyTorch's in float64, relative, over 150 steps: its convolution sums in another order. Measured
 * 2e-14.
 */
export const TORCH = 1e-9;

/**
 * Weights against their signal-noise decomposition (docs/architecture.md, "How numbers are checked", item 4): rounding
 * over 500 steps. Measured 6e-15.
 */
export const DECOMPOSITION = 1e-10;

/**
 * A linear network's error by lines against the closed form, relative: the tail multiplies the margin's rounding by
 * margin^2 (to 180). Measured 1.3e-13.
 */
export const LINEAR_ERROR = 1e-12;
/** Errors by lines through the layers of a deep network against the same along two layers, or with a layer scaled. */
export const DEEP_LINES = 1e-10;
/**
 * P of a line's errors by pieces against a scan in 14,000 steps, changes of sign by 40 halvings: what lies between is
 * rounding of the two passes up. Measured 3e-15.
 */
export const DEEP_SCAN = 1e-12;
/** Midpoint rule with step 1e-3 on an integrand with kinks: step^2. */
export const QUADRATURE = 1e-6;
/**
 * Empirical spread over reported standard error in 400 replicates: the ratio itself is known to 4 %, and 8 shifts
 * report 3.5 % too little on average.
 */
export const HONEST_SE = { least: 0.85, most: 1.2 } as const;
/**
 * Finite sums of up to 75 terms, e^-x with x to 800 (x's own rounding times x), the judge's Simpson rule with
 * logarithms to 400.
 */
export const CHI_TAIL = 1e-12;
/** What the expansion of chi squared's law leaves out from 400 degrees of freedom on, and rounding in u - log(1 + u). */
export const CHI_SQUARE = 1e-9;
/** Midpoint rule with step 5e-4 on an integrand with a kink of relative slope to 30: (step * 30)^2 / 24. */
export const RARE_QUADRATURE = 1e-5;
/**
 * What 512 lines may fail to see: a share of the error that one line in 512 would show. Where all others agree the
 * standard error cannot know of it.
 */
export const UNSEEN = 1 / 512;
/**
 * HONEST_SE for 240 keys and 32 shifts (ratio known to 4.6 %): the estimator's weights are skewed, and auto stops on
 * its own standard error.
 */
export const HONEST_SE_RARE = { least: 0.8, most: 1.25 } as const;

/**
 * Share by which the drift of |w|^2 - |v|^2 may miss a factor 2 when the step is halved (and 1 in the negative
 * controls): the next order of the step. Measured 0.004.
 */
export const BALANCE_DRIFT = 0.1;
/** Means over 10 runs against means over 3 runs in two digits: the error's spread over runs is about 0.05. */
export const RECONSTRUCTED_ERROR = 0.06;
/** The same for the layers, relative: two digits of .01 to .2, another sigma_0, and a spread of a tenth over runs. */
export const RECONSTRUCTED_LAYERS = 0.25;
/** The optimality conditions that max-margin solving promises, relative. */
export const KKT = 1e-12;
/**
 * ‖w*‖ against quadprog's, relative: its own stopping rule and the condition of sets with n near 2d. Measured 2e-11.
 */
export const MARGIN_ORACLE = 1e-8;
/**
 * What inner products, rounded to 2^-52, tell of vectors of length 1 that add up to 1e-4 (relative error 2^-52 / 1e-8),
 * or to 0 (sqrt(n 2^-48)).
 */
export const SMALL_MARGIN = 1e-6;
/** A scan in cells of 1/4096 finds each of at most 40 sign changes to half a cell, density 0.4 at most. */
export const LINE_SCAN = 2e-3;
/**
 * Outputs after three steps of 1e-7, over 1e-7, of a network and of its linearisation: second order in the step (1e-7
 * times squared gradients of some 100), and roundings of 1e-16 over 1e-7.
 */
export const SMALL_STEPS = 1e-3;
/**
 * A formula against a number worked out with 7 digits or more (some intermediate roots and logarithms are written with
 * so many).
 */
export const BY_HAND = 1e-6;
/**
 * A border found by bisection on the logarithm down to neighbouring doubles: 2^-52 times |log x| to 35, and the sides'
 * own rounding.
 */
export const BISECTION = 1e-13;
/**
 * Intervals of slopes, 18 checks of 1,000 lines: validation/slope-coverage.md has .943 to .962 of 95 % over 20,000, so
 * that a share below .912 (four and a third standard deviations) has a chance under 1e-3 among them; p < .05 of a
 * straight line, .044 to .06 there, lies in the range with the same chance.
 */
export const SLOPE_COVERAGE = { trials: 1000, seed: 41, least: 0.912, rejected: [0.018, 0.093] } as const;

/**
 * Share of 40 sets whose 95 % bootstrap interval holds the truth: binomial, 4 standard deviations below 0.92 (a
 * quantile's interval from 100 draws is a little short).
 */
export const COVERAGE_BOOTSTRAP = 0.75;
/** Shares of variance from some hundred to some thousand blocks: their standard error is at most 0.03. */
export const VARIANCE_SHARE = 0.1;
/**
 * The extrapolated margin over that of the limit, in the share that is left out: the next order in 1/‖W‖. Measured
 * 0.0046 after 10^5 steps.
 */
export const LIMIT_MARGIN = 0.006;
/** A minimum on a grid of steps 1/400 and 1/200 along a constraint: the norm is at most a step too large. */
export const MIN_MAX_GRID = 5e-3;
/**
 * Share of a level search's 95 % intervals that must hold the crossing: as stated. Measured 94.8 to 97.8 % on a seed
 * that nothing was tuned on, with skewed noise, a curved mean and a stop at the search's own standard error.
 */
export const SEARCH_COVERAGE = 0.95;
/** Standard errors by which an exponent that is exact by scaling may miss: eight searches in one file, seeds fixed. */
export const BOUNDARY_SCALING = 4;
/**
 * Means over 20,000 fresh points against closed forms, in standard errors of the mean; five comparisons of fixed seeds.
 */
export const MEAN_SE = 4;
/** arcsin against the platform's own, absolute: rounding of pi/2 less a root, and that of the platform. */
export const ARC_SINE = 2 ** -51;
/** Clopper-Pearson's ends as printed in tables, four digits. */
export const FOUR_DIGITS = 5e-5;
/** Numbers in a figure are rounded to 6 digits, and the fourth root of one of them is compared with another. */
export const DRAWN = 2e-6;
/**
 * Ends of a confidence sequence: bisected to 2^-40, and the recursion multiplies in another order; a step of this size
 * changes a capital of 40 by more than its rounding (some 1e-13).
 */
export const BISECTED = 1e-9;

/**
 * The averaging classifier's error at d = 10^10 and n to 80 against its closed form, relative: products of noise
 * vectors are about √(n/d) = 1e-4 of their norms, and the normal tail to S = 20 multiplies that by S.
 */
export const ORTHOGONAL_NOISE = 0.01;
/** Products of a scaled axis are rounded to twelve digits. */
export const TWELVE_DIGITS = 5e-12;
/** Figures carry six significant digits. */
export const DRAWN_DIGITS = 1e-5;
/**
 * Crossings between columns 0.1 apart by the chord, and of means over ten rows against the formula at the mean row:
 * second order in both; rows from 100 to 190 are a fifth of their mean apart. Measured 6e-3.
 */
export const CHORD = 0.01;
/** A limiting form of the law of small starts, where what it leaves out is smaller still. */
export const LIMITING = 1e-9;
/**
 * One step of Newton's from a measured place to the law's, a tenth away in the logarithm of ‖mu‖ or less, and a chord
 * against the slope in its middle: second order in the step, with second derivatives of about 1.
 */
export const NEWTON = 0.02;
/** The quotient of two places that are written with three or four digits. */
export const THREE_DIGITS = 3e-3;
/** A central difference over 2e-5 in the logarithm, of values up to 100 with 16 digits. */
export const DIFFERENCES = 1e-6;

/** A rate of .9 or .95 over 4,000 draws: binomial standard deviation .0047 at most, four of them. */
export const WORD_RATE = 0.019;
/**
 * How far log S of a crossing lies from the law's: four means of noise .002/√8 around it, a slope of the error of .3 in
 * log ‖μ‖ and the fourth power make an SE of .007; the curve's bend is exact on the scale that is fitted.
 */
export const PLACES = 0.04;

/** A collapse ratio from runs with a noise of .001 on errors about .2: its standard error is below .003. */
export const COLLAPSE = 0.02;
/** A standard error from four numbers added in another order. */
export const SUM_OF_SQUARES = 1e-12;
/** Bias of a crossing of second order in the noise: (.01/.2)² of a step of .17, and some. */
export const SHORT_OF_BIAS = 1e-3;
/** Seven places of 1.5 to 2.3 with errors of .006/.5 make a slope with an error of .005; at least half of that. */
export const PUBLISHED_SLOPE = 0.0025;

/**
 * Least rate of a word that is said with probability .9, over 1,000 draws: binomial standard deviation .0095, four of
 * them.
 */
export const POWER_RATE = 0.862;
/**
 * Coverage of a slope's interval from eight points of very unequal variance, over 2,000 draws (standard deviation
 * .005): t is not exact there. HC3 errors measured .95 to .98, HC1 errors .87 to .91.
 */
export const REGRESSION_COVERAGE = [0.93, 0.99] as const;
/** A wrong word on one side has a chance of .025; over 400 samples its standard deviation is .0078, three of them. */
export const ONE_SIDED_RATE = 0.049;
/** Ends of intervals by quantiles of a table with five digits. */
export const BY_TABLE = 5e-4;
/**
 * Either wrong word at a bound: .05, and four binomial standard deviations of 200 sets (.062). Skewed runs, above all
 * zeros and ones that cells share, spend more on one side than on the other: measured .115 with five replicates (200
 * sets), .049 to .071 with thirty (1,500 sets).
 */
export const WRONG_WORDS = 0.125;
/**
 * .9, less what estimates of the spread from 24 runs, and of the mean to 2 %, take off; and the binomial of 60 sets.
 */
export const SAID_WITH_ENOUGH = 0.7;
/** .9 at least (the bounds are no approximation), less four binomial standard deviations of 2,000 draws. */
export const NORM_COVERAGE = 0.873;
/**
 * Student's tail, relative: its continued fraction stops at 2^-52, the front factor is a power nu/2 of a rounded
 * number, and the judge's own closed forms lose a few bits. Measured 3e-14.
 */
export const STUDENT_TAIL = 1e-12;
/** A tail at a quantile of another program, whose own stopping rule is about 1e-10 in u. */
export const ROUND_TRIP = 1e-9;
/** A variance from 40 maps over one that is known to a tenth: chi-square on 39, one false alarm in 10,000. */
export const SCATTER = 2.1;
/**
 * Coverage of 95 % intervals (Student's with 7 degrees of freedom) of single estimates: what is promised; 1,200 draws
 * know it to .007, and measured are .942 to .96.
 */
export const COVERAGE = 0.94;
/**
 * Alarms of 100 looks at monotone curves, each with a chance of at most .001: three or more come once in 6,000 times.
 */
export const LOOK_ALARMS = 2;
/**
 * Outputs of two engines after 20 steps on an activation and a loss of one's own, relative to 1: the same sums in
 * another order. Measured 2e-15.
 */
export const ENGINES_AGREE = 1e-12;
/**
 * A slope by central differences over 1e-5 of a mean loss of order 1: its third derivative times h^2, and 2^-53 / h.
 */
export const SLOPE = 1e-8;
/**
 * Standard errors between an estimated and a drawn error, one check with a fixed seed: two-sided at 1e-3 (FALSE_ALARM).
 */
export const DRAWN_ERROR = 3.3;
/** Numbers of a network trained in 32 bits, computed in 32 and in 64: sums of some hundred terms. Measured 2e-7. */
export const PLAIN_32 = 1e-5;
/**
 * What is left, or has come, of an error after 20,000 steps at .999 or 1.001 of a stability threshold: its factor is at
 * least .0003 away from 1 in absolute value there (e^-6, e^6), 10^±6 and more where it was measured.
 */
export const STABLE = { gone: 1e-6, grown: 1e6 } as const;
/**
 * Training outputs of descent in steps of eta/2^k against the limit: of first order, so that the last halving moved
 * them by about as much as they are off. Twice that.
 */
export const FLOW_LIMIT = 2;
/** U-statistics by sums over rows against averages over all tuples: some thousand terms of order 10. Measured 1e-14. */
export const DEFINITION = 1e-9;
/** What an interval of 95 % must hold at least, within what 300 sets can tell: 95 - 1.5 %. */
export const COVERED = 0.935;
/** A divisor is written down with six digits. */
export const DIVISOR_DIGITS = 1e-5;
/** One run written with filters of another length: sums of products that round otherwise, over 40 steps. Measured 8e-16. */
export const REWRITTEN = 1e-12;

/**
 * Error of the averaging classifier over its closed form, less 1: the norm of its noise spreads by about
 * (tr Σ⁴)^{1/2}/tr Σ² = 1 % of itself and less, and in a mixture a fresh point adds N(0, μᵀΣμ/n) per draw. Measured 1 %.
 */
export const AVERAGING_FORM = 0.03;
/** A parameter that follows others is rounded to 12 digits; its fourth power is off by four times that and some. */
export const SCALED = 1e-11;
/** Size of the package over the one that the documentation states, less 1: every change of the code moves it a little. */
export const STATED_SIZE = 0.1;
