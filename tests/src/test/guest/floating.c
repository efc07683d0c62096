// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// Binary32, binary64 and x87 arithmetic; rounding modes, exception flags, conversions; libm to 12 digits.
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t bits(double x) {
    uint64_t b;
    memcpy(&b, &x, 8);
    return b;
}

static void flags(const char *what, double value) {
    int f = fetestexcept(FE_ALL_EXCEPT);
    printf("%-12s %a%s%s%s%s%s\n", what, value, f & FE_INEXACT ? " inexact" : "", f & FE_DIVBYZERO ? " zero" : "", f & FE_UNDERFLOW ? " under" : "",
           f & FE_OVERFLOW ? " over" : "", f & FE_INVALID ? " invalid" : "");
    feclearexcept(FE_ALL_EXCEPT);
}

int main(void) {
    volatile double one = 1, three = 3, zero = 0, huge = 1e308, tiny = 5e-324;
    volatile float f = 1.1f;
    volatile long double l = 1.1L;
    static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; i++) {
        fesetround(modes[i]);
        printf("%d %a %a %La %ld %a\n", i, one / three, (double)(f * f), l * l / 7, lrint(-2.5 * one), (double)(float)(one / three));
    }
    fesetround(FE_TONEAREST);
    feclearexcept(FE_ALL_EXCEPT);
    flags("1/3", one / three);
    flags("1/0", one / zero);
    flags("0/0", isnan(zero / zero));
    flags("huge", huge * 10);
    flags("tiny", tiny / 2);
    flags("denormal", tiny * 3);
    flags("sqrt -1", isnan(sqrt(-one)));
    uint64_t hash = 0;
    double x = 0.1;
    for (int i = 0; i < 50000; i++) {
        x = x * 3.7 * (1 - x);
        hash = hash * 31 + bits(x) + (uint64_t)(int64_t)(x * 1e15) + bits((double)(float)x) + bits(floor(x * 100)) + bits(fmod(x, 0.01));
    }
    printf("hash %016lx\n", hash);
    for (int i = 1; i < 8; i++)
        printf("%.12g %.12g %.12g %.12g %.12g %.12Lg\n", sin(i), exp(i / 3.0), log(i), pow(i, 1.5), atan2(i, 3), sinl(i));
    printf("%g %g %g %.0f %.3e %Lg %5.1f|%-8.2f|%+.2f\n", 1e100, 1e-5, 123456789.0, 2.5, 12345.678, 1.5L, 3.14159, 2.71828, 1.0);
    printf("%s %s %s\n", INFINITY > huge ? "inf" : "?", NAN == NAN ? "?" : "nan", signbit(-zero) ? "-0" : "0");
    return 0;
}
