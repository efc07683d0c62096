// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.linuxhost.mcctrl;

/**
 * One pointer argument of a system call: what lies behind it and whether Linux writes there.
 *
 * @param factor bytes per element, or the constant size
 * @param countArgument index of the argument that holds the count, -1 if the size is constant
 * @param extraBytes added to the size
 */
record ArgumentShape(int index, Kind kind, boolean written, int factor, int countArgument, int extraBytes) {
    enum Kind {
        /** factor * argument + extra bytes, or a constant. */
        BYTES,
        /** A C string. */
        STRING,
        /** As many bytes as the u32 behind another argument says (socket addresses). */
        LENGTH_BEHIND,
        /** An array of struct iovec. */
        IO_VECTORS,
        /** struct msghdr. */
        MESSAGE,
        /** An array of struct mmsghdr. */
        MESSAGES,
        /** fd_set with as many bits as argument 0 says. */
        FD_SET,
        /** Third argument of fcntl. */
        FCNTL,
        /** Third argument of ioctl: the request's number tells the size. */
        IOCTL
    }

    /**
     * Parses {@code index direction size}, direction {@code <} read, {@code >} written, {@code =} both; size as in the head of
     * {@link CallShapes}.
     */
    static ArgumentShape parse(String text) {
        int index = text.charAt(0) - '0';
        boolean written = text.charAt(1) != '<';
        String size = text.substring(2);
        if (size.startsWith("iov")) {
            return new ArgumentShape(index, Kind.IO_VECTORS, written, 16, size.charAt(3) - '0', 0);
        }
        if (size.startsWith("mmsg")) {
            return new ArgumentShape(index, Kind.MESSAGES, written, 64, size.charAt(4) - '0', 0);
        }
        if (size.startsWith("*a")) {
            return new ArgumentShape(index, Kind.LENGTH_BEHIND, written, 1, size.charAt(2) - '0', 0);
        }
        return switch (size) {
            case "s" -> new ArgumentShape(index, Kind.STRING, written, 1, -1, 0);
            case "msg" -> new ArgumentShape(index, Kind.MESSAGE, written, 56, -1, 0);
            case "fds" -> new ArgumentShape(index, Kind.FD_SET, written, 1, 0, 0);
            case "fcntl" -> new ArgumentShape(index, Kind.FCNTL, written, 1, 1, 0);
            case "ioctl" -> new ArgumentShape(index, Kind.IOCTL, written, 1, 1, 0);
            default -> bytes(index, written, size);
        };
    }

    /** {@code 144}, {@code a2}, {@code 8*a1}, {@code 1*a2+8}. */
    private static ArgumentShape bytes(int index, boolean written, String size) {
        int plus = size.indexOf('+');
        int extra = plus < 0 ? 0 : Integer.parseInt(size.substring(plus + 1));
        String product = plus < 0 ? size : size.substring(0, plus);
        int count = product.indexOf('a');
        if (count < 0) {
            return new ArgumentShape(index, Kind.BYTES, written, Integer.parseInt(product), -1, extra);
        }
        int factor = count == 0 ? 1 : Integer.parseInt(product.substring(0, count - 1));
        return new ArgumentShape(index, Kind.BYTES, written, factor, product.charAt(count + 1) - '0', extra);
    }
}
