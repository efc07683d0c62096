// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.lwk.proc;

import mckernelj.ihk.Errno;
import mckernelj.ihk.SystemCallNumber;
import mckernelj.ihk.ikc.InKernelRequest;
import mckernelj.ihk.launch.MailboxLayout;
import mckernelj.ihk.layout.UserSpace;
import mckernelj.lwk.mm.NumaPolicy;
import mckernelj.lwk.mm.ProcessVm;
import mckernelj.lwk.mm.UserAccess;
import mckernelj.lwk.ptrace.Tracee;
import mckernelj.lwk.sched.KernelThread;
import mckernelj.lwk.seccomp.SeccompFilter;
import mckernelj.lwk.signal.SigInfo;
import mckernelj.lwk.signal.SignalAction;
import mckernelj.lwk.signal.SignalNumber;
import mckernelj.lwk.signal.ThreadSignals;

/** A thread of a process. Its tid is that of the servant thread which executes its delegated calls. */
public final class Thread extends KernelThread {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    private static final long TERMINAL_SIGNALS =
            SignalNumber.mask(SignalNumber.SIGTTIN) | SignalNumber.mask(SignalNumber.SIGTTOU);

    /** No set of terminal signals. */
    private static final long UNKNOWN_MASK = -1;

    private final Kernel kernel;
    private final Process process;
    private volatile int tid;
    private final ThreadSignals signals = new ThreadSignals();
    private Runnable firstRun = () -> {};

    private volatile CpuMask affinity;

    /** Signals that sigtimedwait waits for: not dropped although ignored. */
    private volatile long awaitedSignals;

    /** It has left the address space of its process. */
    private volatile boolean detached;

    /** It must end, whatever its process does. */
    private volatile boolean killed;

    /** In a delegated call of its program, which signals interrupt; cleared when it was. Only the thread itself. */
    private boolean interruptible;

    private volatile NumaPolicy numaPolicy = NumaPolicy.DEFAULT;

    /** Its servant is stopped; cleared when it is to be killed or continued. Only the thread itself. */
    private boolean stopping;

    /** What its servant thread blocks: a subset of the terminal's signals. Only the thread itself. */
    private long servantMask;

    /** In a delegated call of its program. Written by the thread itself only. */
    private volatile boolean inCall;

    /** Null: nobody traces it. */
    private volatile Tracee tracee;

    /** In a wait of Linux' that a traced thread's news must end. */
    private volatile boolean waitingForChildren;

    /** Requests to Linux so far. Only the thread itself. */
    private long delegations;

    private volatile SeccompFilter seccomp;

    /** Null: none. */
    private volatile RestartableSequences.Area sequences;

    /** It has got a processor since it last looked whether it was in a sequence. */
    private volatile boolean resumed;

    private long clearChildTid;
    private long robustList;
    private volatile int schedulingPolicy;
    private volatile int schedulingPriority;

    /** The last exception, for signal frames. */
    private long faultErrorCode;

    private long faultVector;
    private long faultAddress;

    public Thread(Process process, int tid) {
        super(process.kernel().scheduler(), "thread " + tid);
        this.kernel = process.kernel();
        this.process = process;
        this.tid = tid;
        this.affinity = process.cpuMask();
    }

    @Override
    public int tid() {
        return tid;
    }

    /**
     * execve by another thread than the first, once it is the only one: it takes the place of the first, whose servant thread is still
     * there. Its own ends. On the thread itself.
     */
    void becomeLeader() {
        delegate(InKernelRequest.EXIT);
        kernel.table().remove(this);
        tid = process.pid();
        kernel.table().add(this);
        servantMask = UNKNOWN_MASK;
    }

    public Process process() {
        return process;
    }

    @Override
    public long addressSpace() {
        ProcessVm vm = process.vm();
        return detached || vm == null ? kernel.kernelRoot() : vm.root();
    }

    /** What the thread does in the kernel before it first enters user mode. */
    void setFirstRun(Runnable work) {
        firstRun = work;
    }

    @Override
    protected void start() {
        firstRun.run();
        firstRun = () -> {};
    }

    /** The thread leaves the address space; it runs in the kernel's from now on. On the thread itself. */
    void detach() {
        detached = true;
        cpu().hw().setControlRegister(3, kernel.kernelRoot());
    }

    // ---- delegated calls

    /** A request to mcctrl on behalf of this thread ({@link InKernelRequest}); signals do not interrupt it. */
    public long delegate(int number, long... arguments) {
        if (process.noHost()) {
            return -Errno.ESRCH;
        }
        delegations++;
        long[] a = java.util.Arrays.copyOf(arguments, 6);
        return kernel.delegation().call(this, process.pid(), number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    /** A system call that does not block, for the kernel's own use: again, if something between Linux and the servant prevented it. */
    public long delegateUndisturbed(int number, long... arguments) {
        long result;
        do {
            result = delegate(number, arguments);
        } while (result == -Errno.EINTR || result == MailboxLayout.NOT_BEGUN);
        return result;
    }

    /** A system call that Linux executes for the program; a signal interrupts it. */
    public long delegateInterruptibly(int number, long... arguments) {
        if (mayUseTerminal(number)) {
            mirrorMask(signals.blocked() & TERMINAL_SIGNALS);
        }
        long changed = process.signals().takeChangedByOthers();
        for (; changed != 0; changed &= changed - 1) {
            mirrorAction(Long.numberOfTrailingZeros(changed) + 1);
        }
        if (process.takeMirrorStale()) {
            delegate(InKernelRequest.CLEAR_PTES, 0, UserSpace.USER_END);
        }
        interruptible = true;
        inCall = true;
        process.callsInProgress().incrementAndGet();
        try {
            return delegate(number, arguments);
        } finally {
            process.callsInProgress().decrementAndGet();
            inCall = false;
            interruptible = false;
        }
    }

    private static boolean mayUseTerminal(int number) {
        return switch (number) {
            case SystemCallNumber.READ,
                    SystemCallNumber.WRITE,
                    SystemCallNumber.IOCTL,
                    SystemCallNumber.READV,
                    SystemCallNumber.WRITEV -> true;
            default -> false;
        };
    }

    /**
     * A terminal treats a background process that blocks its signals in another way: the servant must block them too.
     */
    private void mirrorMask(long wanted) {
        if (wanted != servantMask) {
            servantMask = wanted;
            delegate(InKernelRequest.SIGMASK, wanted);
        }
    }

    /** CLONE and STOP have emptied the mask of the servant's thread. */
    void servantMaskEmptied() {
        servantMask = 0;
    }

    /** Stops the servant by {@code signal}, runs {@code onceStopped}, and returns when it was continued or killed. */
    public void delegateStop(int signal, Runnable onceStopped) {
        stopping = true;
        servantMaskEmptied();
        try {
            if (delegate(InKernelRequest.STOP, signal) == 1) {
                onceStopped.run();
                delegate(InKernelRequest.CONTINUED);
                if (tracee == null) {
                    process.notifyParent(this, SigInfo.CLD_CONTINUED, SignalNumber.SIGCONT);
                }
            }
        } finally {
            stopping = false;
        }
    }

    /** After a SIGCONT from this thread: the target's servant goes on too. */
    public void continueServant(Process target) {
        delegate(InKernelRequest.CONTINUE, target.pid());
    }

    public long delegations() {
        return delegations;
    }

    public boolean isInCall() {
        return inCall;
    }

    @Override
    public boolean mustInterruptCall() {
        return interruptible && (hasNewsOfChildren() || kernel.signals().isPending(this))
                || stopping && (kernel.signals().isKilled(this) || !process.isStopped());
    }

    private boolean hasNewsOfChildren() {
        return waitingForChildren && process.tracees().exist();
    }

    /** On a signal asks Linux, once, to end the call. */
    @Override
    public void interruptCall() {
        if (interruptible) {
            interruptible = false;
            delegate(InKernelRequest.INTERRUPT, tid);
        } else if (kernel.signals().isKilled(this)) {
            stopping = false;
            kernel.exit().endStopped(this);
        } else {
            stopping = false;
            continueServant(process);
        }
    }

    /** Tells the servant what a signal's disposition is now. */
    public void mirrorAction(int signal) {
        SignalAction action = process.signals().action(signal);
        delegate(InKernelRequest.SIGACTION, signal, Math.min(action.handler(), 2), action.flags());
    }

    // ---- state

    public Kernel kernel() {
        return kernel;
    }

    /** Access to the memory of its process, by this thread. */
    public UserAccess user() {
        return new UserAccess(process.vm(), this);
    }

    /** Its being traced; null: it is not. */
    public Tracee tracee() {
        return tracee;
    }

    public void setTracee(Tracee value) {
        tracee = value;
    }

    public void setWaitingForChildren(boolean value) {
        waitingForChildren = value;
    }

    public ThreadSignals signals() {
        return signals;
    }

    public boolean mustExit() {
        return killed || process.mustExit(this);
    }

    void kill() {
        killed = true;
    }

    public long awaitedSignals() {
        return awaitedSignals;
    }

    public void setAwaitedSignals(long set) {
        awaitedSignals = set;
    }

    public CpuMask affinity() {
        return affinity;
    }

    public void setAffinity(CpuMask mask) {
        affinity = mask;
    }

    public NumaPolicy numaPolicy() {
        return numaPolicy;
    }

    public void setNumaPolicy(NumaPolicy policy) {
        numaPolicy = policy;
    }

    /** What it may call; null: everything. */
    public SeccompFilter seccomp() {
        return seccomp;
    }

    public void setSeccomp(SeccompFilter filter) {
        seccomp = filter;
    }

    /** What it has registered by rseq(2), or null. */
    public RestartableSequences.Area sequences() {
        return sequences;
    }

    public void setSequences(RestartableSequences.Area area) {
        sequences = area;
        resumed = true;
    }

    @Override
    protected void resumed() {
        setResumed();
    }

    /** It may be in a restartable sequence, which is to be aborted when it next returns to user mode. */
    public void setResumed() {
        resumed = true;
    }

    /** True, once, after it got a processor. */
    boolean takeResumed() {
        boolean was = resumed;
        resumed = false;
        return was;
    }

    public long clearChildTid() {
        return clearChildTid;
    }

    public void setClearChildTid(long userPointer) {
        clearChildTid = userPointer;
    }

    public long robustList() {
        return robustList;
    }

    public void setRobustList(long userPointer) {
        robustList = userPointer;
    }

    public int schedulingPolicy() {
        return schedulingPolicy;
    }

    public int schedulingPriority() {
        return schedulingPriority;
    }

    /** Of a new thread; SCHED_RESET_ON_FORK makes it an ordinary one. */
    void inheritScheduling(Thread creator) {
        boolean reset = (creator.schedulingPolicy & SCHED_RESET_ON_FORK) != 0;
        int policy = creator.schedulingPolicy & ~SCHED_RESET_ON_FORK;
        boolean realtime = creator.schedulingPriority > 0;
        setScheduling(reset && realtime ? SCHED_OTHER : policy, reset ? 0 : creator.schedulingPriority);
    }

    /** Policy with SCHED_RESET_ON_FORK; the caller tells the scheduler. */
    public void setScheduling(int policy, int priority) {
        schedulingPolicy = policy;
        schedulingPriority = priority;
        setPriority(priority, (policy & ~SCHED_RESET_ON_FORK) == SCHED_RR);
    }

    void setFault(int vector, long errorCode, long address) {
        faultVector = vector;
        faultErrorCode = errorCode;
        faultAddress = address;
    }

    public long faultErrorCode() {
        return faultErrorCode;
    }

    public long faultVector() {
        return faultVector;
    }

    public long faultAddress() {
        return faultAddress;
    }
}
