// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.layout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Files of sysfs that the LWK describes to mcctrl: for each 'F' or 'L', its absolute name, NUL, its content or the target of the symbolic link,
 * NUL.
 */
public final class SysfsListing {
    /** Of a listing: room for 512 processors. */
    public static final int MAX_BYTES = 4 << 20;

    private static final char FILE = 'F';
    private static final char LINK = 'L';

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Takes one entry of a listing. */
    public interface Entry {
        void accept(String name, String value) throws IOException;
    }

    public SysfsListing file(String name, String content) {
        return add(FILE, name, content);
    }

    public SysfsListing link(String name, String target) {
        return add(LINK, name, target);
    }

    private SysfsListing add(char kind, String name, String value) {
        bytes.writeBytes((kind + name + "\0" + value + "\0").getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Goes through a listing in its order. */
    public static void read(byte[] listing, Entry file, Entry link) throws IOException {
        String[] words = new String(listing, StandardCharsets.ISO_8859_1).split("\0", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (words[i].isEmpty()) {
                throw new IOException("entry without a name");
            }
            Entry entry = words[i].charAt(0) == LINK ? link : file;
            entry.accept(words[i].substring(1), words[i + 1]);
        }
    }
}
