// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.apic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Finds the destinations of an interrupt command (SDM vol. 3, 11.6) and hands it over. */
public final class IpiRouter implements ApicBus {
    private static final int LOWEST_PRIORITY = 1;
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

    /** A message of an I/O APIC: the low half of its redirection entry, and the destination. */
    public void message(int entry, int destination) {
        int mode = entry >> 8 & 7;
        boolean logical = (entry & LOGICAL) != 0;
        for (IpiTarget target : targets) {
            LocalApic apic = target.apic();
            boolean all = destination == BROADCAST && !logical;
            if (all || (logical ? apic.matchesLogical(destination) : apic.id() == destination)) {
                target.message(mode, entry & 0xFF, (entry & LEVEL) != 0);
                if (mode == LOWEST_PRIORITY) {
                    return;
                }
            }
        }
    }

    @Override
    public void command(LocalApic from, int command, int destination) {
        int mode = command >> 8 & 7;
        for (IpiTarget target : destinations(from, command, destination)) {
            deliver(from.id(), target, mode, command);
            if (mode == LOWEST_PRIORITY) {
                return;
            }
        }
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
        List<IpiTarget> found = new ArrayList<>(1);
        for (IpiTarget target : targets) {
            LocalApic apic = target.apic();
            boolean self = apic == from;
            boolean chosen;
            if (shorthand == 0) {
                chosen = (command & LOGICAL) != 0
                        ? apic.matchesLogical(destination)
                        : destination == apic.id() || from.isBroadcast(destination);
            } else {
                chosen = shorthand == SHORTHAND_SELF ? self : !self || shorthand != SHORTHAND_OTHERS;
            }
            if (chosen) {
                found.add(target);
            }
        }
        return found;
    }
}
