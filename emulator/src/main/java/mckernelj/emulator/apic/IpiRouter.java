// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/** Finds the destinations of an interrupt command (SDM vol. 3, 11.6) and hands it over. */
public final class IpiRouter implements ApicBus {
    static final int LOWEST_PRIORITY = 1;
    private static final int NMI = 4;
    private static final int INIT = 5;
    private static final int STARTUP = 6;

    private static final int SHORTHAND_SELF = 1;
    private static final int SHORTHAND_OTHERS = 3;
    private static final int LOGICAL = 1 << 11;
    private static final int ASSERT = 1 << 14;
    private static final int LEVEL = 1 << 15;
    private static final int BROADCAST = 0xFF;

    private final List<? extends IpiTarget> targets;

    private volatile IntConsumer endOfInterrupt = vector -> {};

    public IpiRouter(List<? extends IpiTarget> targets) {
        this.targets = targets;
    }

    /** Who wants to know the ends of level-triggered interrupts. */
    public void onEndOfInterrupt(IntConsumer ioApic) {
        endOfInterrupt = ioApic;
    }

    @Override
    public void endOfInterrupt(int vector) {
        endOfInterrupt.accept(vector);
    }

    /** A message of an I/O APIC: the low half of its redirection entry, and the destination. Any thread. */
    public void message(int entry, int destination) {
        int mode = entry >> 8 & 7;
        for (IpiTarget target : chosen(mode, addressed(entry, destination, destination == BROADCAST))) {
            target.message(mode, entry & 0xFF, (entry & LEVEL) != 0);
        }
    }

    @Override
    public void command(LocalApic from, int command, int destination) {
        int mode = command >> 8 & 7;
        for (IpiTarget target : chosen(mode, destinations(from, command, destination))) {
            deliver(from.id(), target, mode, command);
        }
    }

    /** Of several the one with the lowest priority takes the interrupt; of equals the first, always the same. */
    private static List<IpiTarget> chosen(int mode, List<IpiTarget> addressed) {
        if (mode != LOWEST_PRIORITY || addressed.size() < 2) {
            return addressed;
        }
        return List.of(Collections.min(
                addressed, Comparator.comparingInt(target -> target.apic().processorPriority())));
    }

    private static void deliver(int from, IpiTarget target, int mode, int command) {
        int vector = command & 0xFF;
        switch (mode) {
            case 0:
            case LOWEST_PRIORITY:
                target.interrupt(vector, from);
                break;
            case NMI:
                target.nmi(from);
                break;
            case INIT:
                if ((command & ASSERT) != 0) { // the de-assert of old processors does nothing
                    target.init(from);
                }
                break;
            case STARTUP:
                target.startup(vector, from);
                break;
            default: // SMI and reserved modes
                break;
        }
    }

    private List<IpiTarget> destinations(LocalApic from, int command, int destination) {
        int shorthand = command >> 18 & 3;
        if (shorthand == 0) {
            return addressed(command, destination, from.isBroadcast(destination));
        }
        List<IpiTarget> found = new ArrayList<>();
        for (IpiTarget target : targets) {
            boolean self = target.apic() == from;
            if (shorthand == SHORTHAND_SELF ? self : !self || shorthand != SHORTHAND_OTHERS) {
                found.add(target);
            }
        }
        return found;
    }

    private List<IpiTarget> addressed(int command, int destination, boolean broadcast) {
        List<IpiTarget> found = new ArrayList<>(1);
        for (IpiTarget target : targets) {
            LocalApic apic = target.apic();
            boolean all = broadcast && (command & LOGICAL) == 0;
            if (all || ((command & LOGICAL) != 0 ? apic.matchesLogical(destination) : destination == apic.id())) {
                found.add(target);
            }
        }
        return found;
    }
}
