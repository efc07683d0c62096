// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.ihk.launch;

import java.util.List;
import mckernelj.ihk.elf.ElfImage;
import mckernelj.ihk.elf.ElfSegment;
import mckernelj.ihk.layout.LoadSection;
import mckernelj.ihk.layout.ProgramLoadDescriptor;

/**
 * A program that was found and whose headers are good.
 *
 * @param name the path that was asked for, a script's for a script
 * @param interpreter the dynamic linker, or null; with its file
 * @param argumentPrefix what replaces argv[0]: interpreter, its argument and the script's path, for a script; else empty
 */
public record LoadedProgram(
        String name,
        ElfImage image,
        ProgramFile file,
        ElfImage interpreter,
        ProgramFile interpreterFile,
        List<String> argumentPrefix)
        implements AutoCloseable {

    /** Writes what the descriptor says of the two files. */
    public void describe(ProgramLoadDescriptor descriptor) {
        descriptor.relocatable = image.positionIndependent();
        descriptor.entry = image.entry();
        descriptor.atPhdr = image.programHeaderAddress();
        descriptor.atPhent = image.programHeaderSize();
        descriptor.atPhnum = image.programHeaderCount();
        descriptor.stackProt = (image.stackFlags() & ElfSegment.PF_X) != 0 ? 7 : 3;
        addSections(descriptor, image, false);
        if (interpreter != null) {
            descriptor.interpreterRelocatable = interpreter.positionIndependent();
            descriptor.interpreterEntry = interpreter.entry();
            descriptor.interpreterAlignment = interpreter.alignment();
            addSections(descriptor, interpreter, true);
        }
    }

    private static void addSections(ProgramLoadDescriptor descriptor, ElfImage image, boolean interpreter) {
        for (ElfSegment segment : image.segments()) {
            descriptor.sections.add(new LoadSection(
                    segment.virtualAddress(),
                    segment.memorySize(),
                    segment.fileSize(),
                    segment.fileOffset(),
                    segment.prot(),
                    interpreter));
        }
    }

    @Override
    public void close() {
        file.close();
        if (interpreterFile != null) {
            interpreterFile.close();
        }
    }
}
