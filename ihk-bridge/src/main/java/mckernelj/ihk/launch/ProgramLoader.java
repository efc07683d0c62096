// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import java.util.ArrayList;
import java.util.List;
import mckernelj.ihk.elf.ElfImage;
import mckernelj.ihk.elf.ProgramLoadException;
import mckernelj.ihk.elf.ShebangLine;

/**
 * Finds the ELF file behind a path, as execve does: follows "#!" lines, reads the headers, opens the ELF interpreter. Used by mcexec
 * for the first program and by mcctrl for execve. Does not search PATH.
 */
public final class ProgramLoader {
    /** As Linux: a script whose interpreter is a script ..., at most this deep. */
    private static final int MAX_SCRIPTS = 5;

    private final ProgramFiles files;
    private final String interpreterRoot;

    /** @param interpreterRoot prefix of the ELF interpreter's path ("": none; mcexec: MCEXEC_ALT_ROOT) */
    public ProgramLoader(ProgramFiles files, String interpreterRoot) {
        this.files = files;
        this.interpreterRoot = interpreterRoot;
    }

    public LoadedProgram load(int dirfd, String path, int flags) throws ProgramLoadException {
        List<String> prefix = new ArrayList<>();
        ProgramFile file = files.open(dirfd, path, flags);
        try {
            String name = nameOf(dirfd, path);
            int scripts = 0;
            for (ShebangLine line = shebang(file); line != null; line = shebang(file)) {
                if (++scripts > MAX_SCRIPTS) {
                    throw new ProgramLoadException(ProgramLoadException.ELOOP, "too many scripts");
                }
                addScript(prefix, line, name);
                file.close();
                name = line.interpreter();
                file = files.open(ProgramFiles.AT_FDCWD, name, 0);
            }
            return withInterpreter(nameOf(dirfd, path), file, prefix);
        } catch (ProgramLoadException e) {
            file.close();
            throw e;
        }
    }

    private LoadedProgram withInterpreter(String name, ProgramFile file, List<String> prefix)
            throws ProgramLoadException {
        ElfImage image = ElfImage.read(file);
        if (image.interpreter() == null) {
            return new LoadedProgram(name, image, file, null, null, prefix);
        }
        ProgramFile interpreterFile = files.open(ProgramFiles.AT_FDCWD, interpreterRoot + image.interpreter(), 0);
        try {
            return new LoadedProgram(name, image, file, ElfImage.read(interpreterFile), interpreterFile, prefix);
        } catch (ProgramLoadException e) {
            interpreterFile.close();
            throw e.errno() == ProgramLoadException.ENOEXEC
                    ? new ProgramLoadException(ProgramLoadException.ELIBBAD, "the ELF interpreter is no ELF file")
                    : e;
        }
    }

    private static ShebangLine shebang(ProgramFile file) throws ProgramLoadException {
        byte[] head = new byte[ShebangLine.HEAD_SIZE];
        int length = file.read(0, head);
        if (length < 0) {
            throw new ProgramLoadException(-length, "cannot read");
        }
        if (length == 0) {
            throw new ProgramLoadException(ProgramLoadException.ENOEXEC, "empty file");
        }
        return ShebangLine.parse(head, length);
    }

    /** Puts the interpreter and its argument in front; a script that is an interpreter itself is in the list already. */
    private static void addScript(List<String> prefix, ShebangLine line, String script) {
        if (prefix.isEmpty()) {
            prefix.add(script);
        }
        if (line.argument() != null) {
            prefix.add(0, line.argument());
        }
        prefix.add(0, line.interpreter());
    }

    private static String nameOf(int dirfd, String path) {
        if (dirfd == ProgramFiles.AT_FDCWD || path.startsWith("/")) {
            return path;
        }
        return path.isEmpty() ? "/dev/fd/" + dirfd : "/dev/fd/" + dirfd + "/" + path;
    }
}
