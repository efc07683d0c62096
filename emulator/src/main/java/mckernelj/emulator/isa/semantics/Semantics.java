// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.isa.semantics;

import java.lang.invoke.MethodHandles;
import java.util.List;

/** The list of all classes with {@code @Encoding} methods. */
public final class Semantics {
    private Semantics() {}

    /** One class a line, in alphabetical order. */
    public static List<Class<?>> classes() {
        return List.of(
                // keep sorted
                Aes.class,
                AvxMaskedMove.class,
                AvxPermute.class,
                AvxShiftAndTest.class,
                BinaryArithmetic.class,
                BitByte.class,
                BitManipulation.class,
                Conditional.class,
                ControlTransfer.class,
                DataTransfer.class,
                DecimalArithmetic.class,
                ExtendedStateInstructions.class,
                FlagControl.class,
                FusedMultiplyAdd.class,
                HalfPrecision.class,
                HintsAndFences.class,
                Logical.class,
                MmxMove.class,
                MultiplyDivide.class,
                PortIo.class,
                RandomNumbers.class,
                SegmentBaseAccess.class,
                Segmentation.class,
                Serialization.class,
                Sha.class,
                ShiftRotate.class,
                SseBlend.class,
                SseCache.class,
                SseCompare.class,
                SseConvert.class,
                SseExtend.class,
                SseExtract.class,
                SseHorizontal.class,
                SseIntegerArithmetic.class,
                SseIntegerCompare.class,
                SseIntegerMultiply.class,
                SseLogical.class,
                SseMove.class,
                SsePack.class,
                SsePackedDouble.class,
                SsePackedSingle.class,
                SseScalarDouble.class,
                SseScalarSingle.class,
                SseShift.class,
                SseShuffle.class,
                SseString.class,
                StringOps.class,
                SystemCalls.class,
                SystemInstructions.class,
                X87Arithmetic.class,
                X87Compare.class,
                X87Control.class,
                X87Load.class);
    }

    /** Rights to define classes in this package, for the spinner. */
    public static MethodHandles.Lookup lookup() {
        return MethodHandles.lookup();
    }
}
