// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.device;

/**
 * One 8259A interrupt controller (Intel 8259A data sheet), in the modes that PCs use: no MCS-80 mode, no buffered mode. Not thread-safe: it
 * belongs to its {@link PicPair}.
 */
final class Pic8259 {
    private static final int NO_RANK = 8;
    private static final int SPURIOUS = 7;

    private final boolean master;
    private int requests;
    private int inService;
    private int mask;
    private int lines;
    private int levelTriggered;
    private int vectorBase;
    private int firstPriority;
    private int initWord;
    private boolean needsWord4;
    private boolean single;
    private boolean autoEnd;
    private boolean rotateOnAutoEnd;
    private boolean readInService;
    private boolean poll;
    private boolean specialMask;
    private boolean specialNested;

    Pic8259(boolean master) {
        this.master = master;
    }

    void setLine(int input, boolean asserted) {
        int bit = 1 << input;
        boolean level = (levelTriggered & bit) != 0;
        if (level) {
            requests = asserted ? requests | bit : requests & ~bit;
        } else if (asserted && (lines & bit) == 0) {
            requests |= bit;
        }
        lines = asserted ? lines | bit : lines & ~bit;
    }

    /** The cascade follows the slave's output, like a level-triggered input. */
    void setCascade(int input, boolean asserted) {
        requests = asserted ? requests | 1 << input : requests & ~(1 << input);
    }

    /** Input with the highest priority that wants to interrupt, or -1. */
    int highest() {
        int rank = rank(requests & ~mask);
        int blocking = inService;
        if (specialMask) {
            blocking &= ~mask;
        }
        if (specialNested && master) {
            blocking &= ~(1 << PicPair.CASCADE);
        }
        return rank < rank(blocking) ? input(rank) : -1;
    }

    private int rank(int inputs) {
        for (int rank = 0; rank < NO_RANK; rank++) {
            if ((inputs & 1 << input(rank)) != 0) {
                return rank;
            }
        }
        return NO_RANK;
    }

    private int input(int rank) {
        return rank + firstPriority & 7;
    }

    /** The acknowledge cycle: the input that is now in service, or 7 if the request has gone (spurious). */
    int acknowledge() {
        int input = highest();
        if (input < 0) {
            return SPURIOUS;
        }
        int bit = 1 << input;
        if (autoEnd) {
            firstPriority = rotateOnAutoEnd ? input + 1 & 7 : firstPriority;
        } else {
            inService |= bit;
        }
        if ((levelTriggered & bit) == 0) {
            requests &= ~bit;
        }
        return input;
    }

    int vector(int input) {
        return vectorBase + input;
    }

    // ---- registers

    int readCommand() {
        if (poll) {
            poll = false;
            int input = highest();
            return input < 0 ? 0 : 0x80 | acknowledge();
        }
        return readInService ? inService : requests;
    }

    int readMask() {
        return mask;
    }

    int levelTriggered() {
        return levelTriggered;
    }

    void setLevelTriggered(int inputs) {
        levelTriggered = inputs;
    }

    void writeCommand(int value) {
        if ((value & 0x10) != 0) {
            initialize(value);
        } else if ((value & 0x08) != 0) {
            operationWord3(value);
        } else {
            operationWord2(value >> 5, value & 7);
        }
    }

    /** ICW1. */
    private void initialize(int value) {
        requests &= levelTriggered;
        inService = 0;
        mask = 0;
        lines = 0;
        firstPriority = 0;
        autoEnd = false;
        rotateOnAutoEnd = false;
        readInService = false;
        specialMask = false;
        specialNested = false;
        needsWord4 = (value & 1) != 0;
        single = (value & 2) != 0;
        initWord = 2;
    }

    private void operationWord3(int value) {
        poll = (value & 4) != 0;
        if ((value & 2) != 0) {
            readInService = (value & 1) != 0;
        }
        if ((value & 0x40) != 0) {
            specialMask = (value & 0x20) != 0;
        }
    }

    private void operationWord2(int command, int level) {
        switch (command) {
            case 0:
            case 4:
                rotateOnAutoEnd = command == 4;
                break;
            case 1:
            case 5:
                int rank = rank(inService);
                if (rank < NO_RANK) {
                    endOfInterrupt(input(rank), command == 5);
                }
                break;
            case 3:
            case 7:
                endOfInterrupt(level, command == 7);
                break;
            case 6:
                firstPriority = level + 1 & 7;
                break;
            default:
                break;
        }
    }

    private void endOfInterrupt(int input, boolean rotate) {
        inService &= ~(1 << input);
        if (rotate) {
            firstPriority = input + 1 & 7;
        }
    }

    /** ICW2 to ICW4 while they are expected, else OCW1. */
    void writeData(int value) {
        switch (initWord) {
            case 2:
                vectorBase = value & 0xF8;
                initWord = !single ? 3 : needsWord4 ? 4 : 0;
                break;
            case 3:
                initWord = needsWord4 ? 4 : 0;
                break;
            case 4:
                specialNested = (value & 0x10) != 0;
                autoEnd = (value & 2) != 0;
                initWord = 0;
                break;
            default:
                mask = value;
                break;
        }
    }
}
