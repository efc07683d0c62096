/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright (C) 2026 The McKernel/J developers
 *
 * What every random program includes: types, operations without undefined behaviour, the checksum, and idioms of C that a generator of
 * expressions does not come upon. */
#include <complex.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int8_t i8;
typedef uint8_t u8;
typedef int16_t i16;
typedef uint16_t u16;
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
typedef __int128 i128;
typedef unsigned __int128 u128;
typedef float f32;
typedef double f64;
typedef long double f80;

#define NOINLINE __attribute__((noinline, noclone))

static u64 checksum = 0x9E3779B97F4A7C15;
/* Bounds the number of calls. */
static int fuel;

/* With -DTRACE the first difference shows itself. */
static NOINLINE void mix(u64 value) {
#ifdef TRACE
    fprintf(stderr, "%016llx at %p\n", (unsigned long long)value, __builtin_return_address(0));
#endif
    checksum = (checksum ^ value) * 0x100000001B3;
    checksum ^= checksum >> 29;
}

static NOINLINE void mix_bytes(const void *from, size_t size) {
    const u8 *bytes = from;
    u64 word = size;
    for (size_t i = 0; i < size; i++) {
        word = (word << 8 | word >> 56) + bytes[i];
    }
    mix(word);
}

static void report(const char *name) {
    printf("%s %016llx\n", name, (unsigned long long)checksum);
}

/* U: unsigned type that does not promote to int; MIN: the value whose negation is not representable, or a value that no divisor of -1 meets */
#define INTEGER(T, U, BITS, MIN)                                                                                         \
    static inline T div_##T(T a, T b) {                                                                                  \
        return b == 0 || ((T)-1 < 1 && b == (T)-1 && a == (MIN)) ? a : (T)(a / b);                                       \
    }                                                                                                                    \
    static inline T rem_##T(T a, T b) {                                                                                  \
        return b == 0 || ((T)-1 < 1 && b == (T)-1 && a == (MIN)) ? a : (T)(a % b);                                       \
    }                                                                                                                    \
    static inline T shl_##T(T a, u32 n) { return (T)((U)a << (n & (BITS - 1))); }                                        \
    static inline T shr_##T(T a, u32 n) { return (T)(a >> (n & (BITS - 1))); }                                           \
    static inline T abs_##T(T a) { return a < 0 ? (T)(0 - (U)a) : a; }                                                   \
    static inline T min_##T(T a, T b) { return a < b ? a : b; }                                                          \
    static inline T max_##T(T a, T b) { return a > b ? a : b; }                                                          \
    static inline T avg_##T(T a, T b) { return (T)((a & b) + ((a ^ b) >> 1)); }                                          \
    static inline T sat_##T(T a, T b) {                                                                                  \
        T r;                                                                                                             \
        return __builtin_add_overflow(a, b, &r) ? (T)(a > 0 ? ~(U)(MIN) : (U)(MIN)) : r;                                 \
    }                                                                                                                    \
    static inline T mulo_##T(T a, T b) {                                                                                 \
        T r;                                                                                                             \
        return __builtin_mul_overflow(a, b, &r) ? (T)(r ^ 1) : r;                                                        \
    }                                                                                                                    \
    static inline T subo_##T(T a, T b) {                                                                                 \
        T r;                                                                                                             \
        return __builtin_sub_overflow(a, b, &r) ? (T)(r ^ 3) : r;                                                        \
    }                                                                                                                    \
    static inline T T##_of_f32(f32 x) { return x > LOW(T, BITS) && x < HIGH(T, BITS) ? (T)x : 77; }                      \
    static inline T T##_of_f64(f64 x) { return x > LOW(T, BITS) && x < HIGH(T, BITS) ? (T)x : 78; }                      \
    static inline T T##_of_f80(f80 x) { return x > LOW(T, BITS) && x < HIGH(T, BITS) ? (T)x : 79; }

/* A little inside the type's range, so that the bounds are exact in all floating types. */
#define POWER(n) ((f64)((u128)1 << (n)))
#define LOW(T, BITS) ((T)-1 < 1 ? -POWER(BITS - 1) * 0.9921875 : -0.9921875)
#define HIGH(T, BITS) (((T)-1 < 1 ? POWER(BITS - 1) : 2 * POWER(BITS - 1)) * 0.9921875)

INTEGER(i8, u32, 8, INT8_MIN)
INTEGER(u8, u32, 8, 0)
INTEGER(i16, u32, 16, INT16_MIN)
INTEGER(u16, u32, 16, 0)
INTEGER(i32, u32, 32, INT32_MIN)
INTEGER(u32, u32, 32, 0)
INTEGER(i64, u64, 64, INT64_MIN)
INTEGER(u64, u64, 64, 0)
INTEGER(i128, u128, 128, (i128)((u128)1 << 127))
INTEGER(u128, u128, 128, 0)

#define FLOATING(T, S)                                                                                                   \
    static inline T keep_##T(T x) { return x > (T)-1e30 && x < (T)1e30 ? x : (T)1.5; }                                   \
    static inline T root_##T(T x) { return sqrt##S(fabs##S(x)); }                                                        \
    static inline T min_##T(T a, T b) { return a < b ? a : b; }                                                          \
    static inline T max_##T(T a, T b) { return a > b ? a : b; }                                                          \
    static NOINLINE T parts_##T(T x, int n) {                                                                            \
        int e;                                                                                                           \
        T whole, rest = modf##S(x, &whole);                                                                              \
        return ldexp##S(frexp##S(rest, &e), n & 15) + scalbn##S(copysign##S(1, whole), e & 7) + logb##S(x * x + 1);      \
    }                                                                                                                    \
    static NOINLINE T round_##T(T x, int n) {                                                                            \
        switch (n & 7) {                                                                                                 \
        case 0: return floor##S(x);                                                                                      \
        case 1: return ceil##S(x);                                                                                       \
        case 2: return trunc##S(x);                                                                                      \
        case 3: return rint##S(x);                                                                                       \
        case 4: return nearbyint##S(x);                                                                                  \
        case 5: return round##S(x);                                                                                      \
        case 6: return (T)lrint##S(keep_##T(x) < 1e9 && keep_##T(x) > -1e9 ? keep_##T(x) : 3);                           \
        default: return nextafter##S(x, n);                                                                              \
        }                                                                                                                \
    }                                                                                                                    \
    static NOINLINE T modulo_##T(T x, T y, int n) {                                                                      \
        return n & 1 ? fmod##S(x, y == 0 ? 1 : y) : n & 2 ? remainder##S(x, y == 0 ? 1 : y) : fma##S(x, y, n);           \
    }                                                                                                                    \
    static NOINLINE int class_##T(T x) {                                                                                 \
        return fpclassify(x) + 8 * !!signbit(x) + 16 * !!isnan(x) + 32 * !!isinf(x) + 64 * isless(x, (T)1);              \
    }

FLOATING(f32, f)
FLOATING(f64, )
FLOATING(f80, l)

static inline int bits_of(u64 x, int which) {
    switch (which & 7) {
    case 0: return __builtin_popcountll(x);
    case 1: return __builtin_clzll(x | 1);
    case 2: return __builtin_ctzll(x | 1ULL << 63);
    case 3: return __builtin_ffsll((i64)x);
    case 4: return __builtin_parityll(x);
    case 5: return __builtin_clrsbll((i64)x);
    case 6: return __builtin_clz((u32)x | 1) + __builtin_ctz((u32)x | 0x80000000);
    default: return __builtin_popcount((u32)x);
    }
}

static inline u64 swap_of(u64 x, int which) {
    int n = which >> 3 & 63;
    switch (which & 7) {
    case 0: return __builtin_bswap64(x);
    case 1: return __builtin_bswap32((u32)x);
    case 2: return __builtin_bswap16((u16)x);
    case 3: return x << n | x >> (-n & 63);
    case 4: return x >> n | x << (-n & 63);
    case 5: return (u32)x << (n & 31) | (u32)x >> (-n & 31);
    case 6: return (x & -x) ^ (x & (x - 1)) ^ (x ^ (x - 1));
    default: return x >> (n & 31) & ((1ULL << (n & 15)) - 1);
    }
}

/* n values of which the format's letters name the types */
static NOINLINE u64 variadic(const char *types, ...) {
    va_list list, copy;
    va_start(list, types);
    va_copy(copy, list);
    u64 first = *types == 'i' ? (u64)va_arg(copy, int) : 5;
    va_end(copy);
    f80 sum = 0;
    for (; *types; types++) {
        switch (*types) {
        case 'i': first = first * 31 + (u64)va_arg(list, int); break;
        case 'l': first ^= va_arg(list, u64) << 1; break;
        case 'd': sum += va_arg(list, f64); break;
        case 'e': sum -= va_arg(list, f80); break;
        case 's': first += strlen(va_arg(list, const char *)); break;
        case 'q': first -= (u64)(va_arg(list, u128) >> 50); break;
        }
    }
    va_end(list);
    return first ^ u64_of_f80(keep_f80(sum));
}

static jmp_buf landing;
static volatile u64 jumped;

static NOINLINE u64 dive(u64 x, int depth) {
    if (depth <= 0) {
        longjmp(landing, (int)(x & 15));
    }
    return dive(x * 3 + 1, depth - 1) + 1;
}

/* setjmp with values that live across it in memory and in registers */
static NOINLINE u64 leap(u64 x) {
    volatile u64 seen = x;
    u64 kept = x ^ 0x55;
    int way = setjmp(landing);
    if (way == 0) {
        seen += 7;
        return dive(x, (int)(x & 31)) + kept;
    }
    jumped += (u64)way;
    return seen * (u64)way + kept;
}

static int compare_u64(const void *a, const void *b) {
    u64 x = *(const u64 *)a, y = *(const u64 *)b;
    return x < y ? -1 : x > y;
}

static NOINLINE u64 sorted(u64 x, int n) {
    u64 list[32];
    n = (n & 31) + 1;
    for (int i = 0; i < n; i++) {
        list[i] = x = x * 6364136223846793005 + 1442695040888963407;
    }
    u64 key = list[n / 2];
    qsort(list, (size_t)n, sizeof list[0], compare_u64);
    u64 *found = bsearch(&key, list, (size_t)n, sizeof list[0], compare_u64);
    return list[0] ^ list[n - 1] ^ (u64)(found - list);
}

static NOINLINE u64 text(u64 x, f64 d, f80 e) {
    char one[400], two[400];
    int n = snprintf(one, sizeof one, "%llu %lld %#llx %o %+d |%*d|%-7u| %c %s", (unsigned long long)x, (long long)x,
        (unsigned long long)x, (unsigned)x, (int)x, (int)(x & 15), (int)(x & 1023), (unsigned)x & 255, 'a' + (int)(x % 26), "end");
    mix_bytes(one, (size_t)n);
    mix(strtoull(one, NULL, 10));
    n = snprintf(two, sizeof two, "%.17g %a %.3e %10.4f %.20Lg %La", d, d, d, d > -1e9 && d < 1e9 ? d : 0.1, e, e);
    mix_bytes(two, (size_t)n);
    d = strtod(two, NULL);
    mix_bytes(&d, sizeof d);
    int integer = 0;
    f64 parsed = 0;
    mix((u64)sscanf("17 -2.5e3 word", "%d %lf %399s", &integer, &parsed, two));
    mix((u64)integer + (u64)(i64)parsed + strlen(two));
    return x ^ (u64)n;
}

/* string functions over lengths and alignments that x chooses */
static NOINLINE u64 strings(u64 x) {
    static char area[600], other[600];
    u64 r = 0;
    size_t at = x & 63, length = x >> 6 & 255, shift = x >> 14 & 31;
    char wanted = (char)('a' + (x >> 20) % 26);
    for (size_t i = 0; i < length; i++) {
        area[at + i] = (char)('a' + (x >> (i & 31) ^ i * 7) % 26);
    }
    area[at + length] = 0;
    strcpy(other + shift, area + at);
    r = r * 31 + strlen(other + shift);
    r = r * 31 + (u64)(strcmp(area + at, other + shift) == 0);
    other[shift + length / 2] ^= 1;
    r = r * 31 + (u64)(strcmp(area + at, other + shift) < 0) + 2 * (u64)(memcmp(area + at, other + shift, length + 1) > 0);
    r = r * 31 + (u64)(strncmp(area + at, other + shift, length / 2) == 0);
    char *p = strchr(area + at, wanted);
    r = r * 31 + (p ? (u64)(p - area) : 1000);
    p = strrchr(area + at, wanted);
    r = r * 31 + (p ? (u64)(p - area) : 1000);
    p = memchr(area + at, wanted, length);
    r = r * 31 + (p ? (u64)(p - area) : 1000);
    p = strstr(area + at, other + shift + (length > 3 ? length - 3 : 0));
    r = r * 31 + (p ? (u64)(p - area) : 1000);
    r = r * 31 + strspn(area + at, "abcdefghijklm") + strcspn(area + at, "xyz");
    p = strpbrk(area + at, "qrs");
    r = r * 31 + (p ? (u64)(p - area) : 1000);
    memmove(area + shift, area + at, length + 1);
    memset(area + shift + length / 2, 'z', length / 4);
    mix_bytes(area + shift, length + 1);
    strncpy(other, area + shift, 300);
    strcat(other, "tail");
    r = r * 31 + strnlen(other, 99) + (u64)(strcasecmp(other, "ABC") > 0);
    memcpy(area, other, 40 + shift);
    mix_bytes(area, 300);
    return r;
}

static NOINLINE double complexes(f64 a, f64 b, f64 c, f64 d) {
    double complex z = CMPLX(a, b) * CMPLX(c, d) + CMPLX(d, a);
    double complex q = z / CMPLX(c == 0 ? 1 : c, d);
    float complex s = (float complex)CMPLXF((f32)a, (f32)d) * (float complex)conj(q);
    return creal(q) + cimag(z) + crealf(s);
}

/* x87 instructions beyond arithmetic: processors differ in the last bit of their results, so 40 bits are cut off */
static NOINLINE f32 elementary(f80 x, int n) {
    switch (n & 3) {
    case 0: return (f32)logl(fabsl(x) + 0.5L);
    case 1: return (f32)atan2l(x, n);
    case 2: return (f32)log2l(fabsl(x) + 1);
    default: return (f32)expl(x > -80 && x < 80 ? x : 1);
    }
}

static u64 exchange_cell;
static __thread u64 thread_cell = 17;

static NOINLINE u64 atomics(u64 x) {
    static u32 small;
    static u8 tiny;
    u64 expected = exchange_cell & -(x & 1);
    u64 r = (u64)__atomic_compare_exchange_n(&exchange_cell, &expected, x, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    r += __atomic_fetch_add(&exchange_cell, x, __ATOMIC_SEQ_CST) + __atomic_exchange_n(&small, (u32)x, __ATOMIC_ACQ_REL);
    r ^= __atomic_fetch_or(&tiny, (u8)x, __ATOMIC_RELAXED) + __atomic_fetch_nand(&small, (u32)r, __ATOMIC_SEQ_CST);
    r += __atomic_sub_fetch(&exchange_cell, r, __ATOMIC_SEQ_CST) + expected;
    r += __sync_fetch_and_and(&tiny, 0x3C) + (u64)__atomic_test_and_set(&tiny, __ATOMIC_SEQ_CST);
    thread_cell += r;
    return r ^ thread_cell;
}

static NOINLINE u64 recursion(u64 m, u64 n) {
    return m == 0 ? n + 1 : n == 0 ? recursion(m - 1, 1) : recursion(m - 1, recursion(m, n - 1));
}

/* variable-length arrays, alloca, computed jumps */
static NOINLINE u64 machine(u64 x) {
    static const void *const labels[] = {&&add, &&twist, &&store, &&load, &&done};
    u32 size = (u32)(x & 31) + 2;
    u64 memory[size];
    u8 *bytes = __builtin_alloca(size * 8);
    memset(memory, (int)(x >> 8 & 255), sizeof memory);
    memset(bytes, (int)(x >> 16 & 255), size * 8);
    u64 value = x;
    for (int step = 0;; step++) {
        goto *labels[step >= 40 ? 4 : value >> 3 & 3];
    add:
        value += memory[(u32)step % size];
        continue;
    twist:
        value = value * 5 + bytes[(value >> 7) % (size * 8)];
        continue;
    store:
        memory[(value >> 9) % size] ^= value;
        bytes[step % (int)size] = (u8)value;
        value += 11;
        continue;
    load:
        value ^= memory[(value >> 5) % size] >> 3;
        value += 8;
        continue;
    done:
        return value;
    }
}
