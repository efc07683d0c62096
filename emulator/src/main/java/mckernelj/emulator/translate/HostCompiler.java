// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.emulator.translate;

import static org.objectweb.asm.Opcodes.*;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;
import mckernelj.emulator.cpu.Cpu;
import mckernelj.emulator.cpu.RegionCode;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * HotSpot's compilers, which are told what to compile. The JVM's interface for that is the one of its own tests; it is there if the JVM runs with
 * {@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}.
 */
public final class HostCompiler {
    /** The first compiler, without counters: the JVM does not look at the method any more. */
    public static final int C1 = 1;

    /** The first compiler, with counters, which tell the second one what happens. */
    public static final int PROFILED = 3;

    /** The second compiler. */
    public static final int C2 = 4;

    private static final int STANDARD_ENTRY = -1;
    private static final long POLL_NANOS = 100_000;
    private static final int ATTEMPTS = 4;

    private static final String REGISTER = "registerNatives";
    private static final String ENQUEUE = "enqueueMethodForCompilation0";
    private static final String IS_QUEUED = "isMethodQueuedForCompilation0";
    private static final String LEVEL = "getMethodCompilationLevel0";

    /** The class that the JVM gives its methods to, first the name of newer JVMs. */
    private static final List<String> NAMES = List.of("jdk/test/whitebox/WhiteBox", "sun/hotspot/WhiteBox");

    private final Object instance;
    private final Method enqueue;
    private final Method isQueued;
    private final Method level;

    private HostCompiler(Class<?> whiteBox) throws ReflectiveOperationException {
        instance = whiteBox.getConstructor().newInstance();
        enqueue = whiteBox.getMethod(ENQUEUE, Executable.class, int.class, int.class);
        isQueued = whiteBox.getMethod(IS_QUEUED, Executable.class);
        level = whiteBox.getMethod(LEVEL, Executable.class, boolean.class);
    }

    /** Null if the JVM does not offer it. */
    public static HostCompiler find() {
        for (String name : NAMES) {
            try {
                HostCompiler compiler = new HostCompiler(whiteBox(name));
                compiler.level(HostCompiler.class.getMethod("find"));
                return compiler;
            } catch (ReflectiveOperationException | LinkageError e) {
                // the next name; or this JVM was not asked for it
            }
        }
        return null;
    }

    /** The JVM's own classes are the only ones that get the methods. */
    private static Class<?> whiteBox(String name) throws ReflectiveOperationException {
        try {
            return Class.forName(name.replace('/', '.'), true, null);
        } catch (ClassNotFoundException e) {
            byte[] code = declaration(name);
            Class<?> type = Unsafe.getUnsafe().defineClass(name, code, 0, code.length, null, null);
            type.getMethod(REGISTER).invoke(null);
            return type;
        }
    }

    private static byte[] declaration(String name) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V17, ACC_PUBLIC | ACC_SUPER, name, null, "java/lang/Object", null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitCode();
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(1, 1);
        init.visitEnd();
        writer.visitMethod(ACC_PUBLIC | ACC_STATIC | ACC_NATIVE, REGISTER, "()V", null, null);
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, ENQUEUE, "(Ljava/lang/reflect/Executable;II)Z", null, null);
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, IS_QUEUED, "(Ljava/lang/reflect/Executable;)Z", null, null);
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, LEVEL, "(Ljava/lang/reflect/Executable;Z)I", null, null);
        writer.visitEnd();
        return writer.toByteArray();
    }

    /**
     * Waits until the code is compiled. The methods of its loops ({@link LoopMethod}) are compiled with counters, or stay as they are at {@link #C2}: the
     * second compiler takes them by itself when they have run.
     *
     * @param level {@link #C1}, {@link #PROFILED} or {@link #C2}
     * @return false if it cannot be compiled
     */
    public boolean compile(RegionCode code, int level) {
        try {
            for (Method method : code.getClass().getDeclaredMethods()) {
                if (!method.getName().equals(RegionMethod.RUN) && level != C2) {
                    compile(method, PROFILED);
                }
            }
            return compile(run(code), level);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JVM does not compile " + code.getClass(), e);
        }
    }

    /** False if it is interpreted by the JVM, or has counters. */
    public boolean isCompiled(RegionCode code) {
        try {
            return level(run(code)) == C2;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JVM does not tell about " + code.getClass(), e);
        }
    }

    private static Method run(RegionCode code) throws NoSuchMethodException {
        return code.getClass().getMethod(RegionMethod.RUN, Cpu.class, long.class, int.class);
    }

    private boolean compile(Method method, int wanted) throws ReflectiveOperationException {
        for (int attempt = 0; attempt < ATTEMPTS && level(method) != wanted; attempt++) {
            enqueue.invoke(instance, method, wanted, STANDARD_ENTRY);
            do { // perhaps for one of the JVM's own requests first, for the inside of a loop
                LockSupport.parkNanos(POLL_NANOS);
            } while ((boolean) isQueued.invoke(instance, method));
        }
        return level(method) == wanted;
    }

    private int level(Method method) throws ReflectiveOperationException {
        return (int) level.invoke(instance, method, false);
    }
}
