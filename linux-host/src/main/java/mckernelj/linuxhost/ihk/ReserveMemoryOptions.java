// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.ihk;

import java.util.EnumMap;
import java.util.Map;
import mckernelj.ihk.Errno;

/**
 * Settings of the next memory reservation (libihk: ihk_reserve_mem_conf). TIMEOUT and MIN_CHUNK_SIZE have no effect
 * here.
 */
public final class ReserveMemoryOptions {
    /** Keys with their default values; as environment-like strings they have the prefix IHK_RESERVE_MEM_. */
    public enum Key {
        BALANCED_ENABLE(0),
        BALANCED_BEST_EFFORT(0),
        BALANCED_VARIANCE_LIMIT(0),
        MIN_CHUNK_SIZE(4096),
        MAX_SIZE_RATIO_ALL(98),
        TIMEOUT(30);

        private final int initial;

        Key(int initial) {
            this.initial = initial;
        }
    }

    private static final int MAX_RATIO = 98;

    private final Map<Key, Integer> values = new EnumMap<>(Key.class);

    public void set(Key key, int value) throws IhkException {
        boolean badRatio = key == Key.MAX_SIZE_RATIO_ALL && (value <= 0 || value > MAX_RATIO);
        if (badRatio || value < 0) {
            throw new IhkException(Errno.EINVAL, key + " cannot be " + value);
        }
        values.put(key, value);
    }

    public int get(Key key) {
        return values.getOrDefault(key, key.initial);
    }

    void clear() {
        values.clear();
    }
}
