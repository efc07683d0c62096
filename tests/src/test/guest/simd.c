// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// SSE to SSE4.2 through the compiler's intrinsics, over pseudo-random data.
#pragma GCC target("sse4.2")
#include <smmintrin.h>
#include <nmmintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t seed = 1;

static uint64_t next(void) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return seed ^ seed >> 29;
}

static uint64_t hash;

static void mix(__m128i x) {
    uint64_t lanes[2];
    memcpy(lanes, &x, 16);
    hash = (hash ^ lanes[0]) * 1099511628211ull;
    hash = (hash ^ lanes[1]) * 1099511628211ull;
}

#define I(expression) mix(expression)
#define F(expression) mix(_mm_castps_si128(expression))
#define D(expression) mix(_mm_castpd_si128(expression))

int main(void) {
    for (int i = 0; i < 3000; i++) {
        __m128i a = _mm_set_epi64x((long long)next(), (long long)next()), b = _mm_set_epi64x((long long)next(), (long long)next());
        I(_mm_add_epi8(a, b)), I(_mm_adds_epi16(a, b)), I(_mm_subs_epu8(a, b)), I(_mm_mullo_epi16(a, b)), I(_mm_mulhi_epi16(a, b));
        I(_mm_madd_epi16(a, b)), I(_mm_mul_epu32(a, b)), I(_mm_sad_epu8(a, b)), I(_mm_avg_epu8(a, b)), I(_mm_cmpgt_epi32(a, b));
        I(_mm_slli_epi64(a, 13)), I(_mm_srai_epi16(b, 3)), I(_mm_unpackhi_epi8(a, b)), I(_mm_packus_epi16(a, b)), I(_mm_shuffle_epi32(a, 0x1B));
        I(_mm_shuffle_epi8(a, b)), I(_mm_hadd_epi16(a, b)), I(_mm_maddubs_epi16(a, b)), I(_mm_alignr_epi8(a, b, 5)), I(_mm_sign_epi8(a, b));
        I(_mm_mullo_epi32(a, b)), I(_mm_min_epu32(a, b)), I(_mm_blendv_epi8(a, b, a)), I(_mm_cvtepu8_epi32(a)), I(_mm_mpsadbw_epu8(a, b, 3));
        I(_mm_cmpgt_epi64(a, b)), I(_mm_minpos_epu16(a)), I(_mm_insert_epi32(a, i, 2)), I(_mm_packus_epi32(a, b)), I(_mm_cmpeq_epi64(a, a));
        I(_mm_cmpestrm(a, 9, b, 12, _SIDD_CMP_EQUAL_ANY | _SIDD_UBYTE_OPS));
        hash += (uint64_t)_mm_cmpistri(a, b, _SIDD_CMP_RANGES | _SIDD_SWORD_OPS) + (uint64_t)_mm_movemask_epi8(a) + (uint64_t)_mm_testz_si128(a, b);
        hash = _mm_crc32_u64((uint32_t)hash, next()) + hash * 3;
        __m128 f = _mm_cvtepi32_ps(a), g = _mm_cvtepi32_ps(b);
        F(_mm_add_ps(f, g)), F(_mm_mul_ps(f, g)), F(_mm_div_ps(f, g)), F(_mm_sqrt_ps(_mm_mul_ps(f, f))), F(_mm_shuffle_ps(f, g, 0x4E)), F(_mm_cmplt_ps(f, g));
        F(_mm_hadd_ps(f, g)), F(_mm_dp_ps(f, g, 0xF1)), F(_mm_round_ps(_mm_div_ps(f, g), _MM_FROUND_TO_NEG_INF)), F(_mm_max_ps(f, g)), F(_mm_movehl_ps(f, g));
        __m128d d = _mm_cvtepi32_pd(a), e = _mm_cvtps_pd(g);
        D(_mm_sub_pd(d, e)), D(_mm_div_pd(d, e)), D(_mm_addsub_pd(d, e)), D(_mm_unpacklo_pd(d, e)), D(_mm_sqrt_sd(d, _mm_mul_pd(e, e)));
        I(_mm_cvtpd_epi32(d)), I(_mm_cvttps_epi32(f)), D(_mm_cmpord_pd(d, e)), D(_mm_floor_sd(d, e)), F(_mm_cvtpd_ps(d));
    }
    printf("%016lx\n", hash);
    return 0;
}
