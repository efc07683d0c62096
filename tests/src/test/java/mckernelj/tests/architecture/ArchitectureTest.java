// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
package mckernelj.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The sentences of docs/architecture.md about who may know whom, one rule each. */
@AnalyzeClasses(packages = "mckernelj", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String EMULATOR = "mckernelj.emulator..";
    private static final String BRIDGE = "mckernelj.ihk..";
    private static final String LWK = "mckernelj.lwk..";
    private static final String LINUX = "mckernelj.linuxhost..";
    private static final String MCEXEC = "mckernelj.mcexec..";
    private static final String NODE = "mckernelj.node..";

    private static final String[] PROCESSES = {
        "mckernelj.lwk.proc..",
        "mckernelj.lwk.signal..",
        "mckernelj.lwk.futex..",
        "mckernelj.lwk.ipc..",
        "mckernelj.lwk.procfs..",
        "mckernelj.lwk.ptrace..",
        "mckernelj.lwk.syscall.."
    };

    private static final String[] INSIDE_THE_EMULATOR = {
        "mckernelj.emulator.machine..",
        "mckernelj.emulator.cpu..",
        "mckernelj.emulator.engine..",
        "mckernelj.emulator.decode..",
        "mckernelj.emulator.isa..",
        "mckernelj.emulator.mmu..",
        "mckernelj.emulator.memory..",
        "mckernelj.emulator.apic..",
        "mckernelj.emulator.device..",
        "mckernelj.emulator.fp..",
        "mckernelj.emulator.translate.."
    };

    /** Not what the compiler makes, {@code $assertionsDisabled} for instance. */
    private static final DescribedPredicate<JavaField> WRITTEN_BY_US = DescribedPredicate.describe(
            "written by us", field -> !field.getName().startsWith("$"));

    @ArchTest
    static final ArchRule the_emulator_imports_nothing_of_ours = noClasses()
            .that()
            .resideInAPackage(EMULATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BRIDGE, LWK, LINUX, MCEXEC, NODE);

    @ArchTest
    static final ArchRule the_bridge_imports_only_the_hardware_interfaces = noClasses()
            .that()
            .resideInAPackage(BRIDGE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LWK, LINUX, MCEXEC, NODE)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(INSIDE_THE_EMULATOR);

    @ArchTest
    static final ArchRule the_kernel_knows_neither_linux_nor_the_inside_of_the_machine = noClasses()
            .that()
            .resideInAPackage(LWK)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LINUX, MCEXEC, NODE)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(INSIDE_THE_EMULATOR);

    @ArchTest
    static final ArchRule linux_knows_neither_the_kernel_nor_the_inside_of_the_machine = noClasses()
            .that()
            .resideInAPackage(LINUX)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LWK, MCEXEC, NODE)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(INSIDE_THE_EMULATOR);

    @ArchTest
    static final ArchRule mcexec_knows_only_the_bridge = noClasses()
            .that()
            .resideInAPackage(MCEXEC)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LWK, LINUX, NODE)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(INSIDE_THE_EMULATOR);

    @ArchTest
    static final ArchRule only_the_assembly_of_the_node_builds_a_machine = noClasses()
            .that()
            .resideInAPackage("mckernelj.node.tool..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(INSIDE_THE_EMULATOR);

    @ArchTest
    static final ArchRule jna_is_used_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackage("mckernelj.linuxhost.libc..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule asm_is_used_by_spinner_and_translator_only = noClasses()
            .that()
            .resideOutsideOfPackages("mckernelj.emulator.isa..", "mckernelj.emulator.translate..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.objectweb.asm..");

    @ArchTest
    static final ArchRule picocli_is_used_by_the_tools_only = noClasses()
            .that()
            .resideOutsideOfPackages(MCEXEC, NODE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule the_kernel_has_no_threads_clocks_or_io_of_the_host = noClasses()
            .that()
            .resideInAPackage(LWK)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.net..", "java.time..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule packages_of_the_emulator_form_no_circles =
            slices().matching("mckernelj.emulator.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packages_of_the_bridge_form_no_circles =
            slices().matching("mckernelj.ihk.(*)..").should().beFreeOfCycles();

    /** Processes and what belongs to them (signals, futexes, system calls) know each other: one layer, see docs/architecture.md. */
    @ArchTest
    static final ArchRule packages_of_the_kernel_below_processes_form_no_circles = slices().matching(
                    "mckernelj.lwk.(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAnyPackage(PROCESSES), resideInAnyPackage(PROCESSES));

    @ArchTest
    static final ArchRule packages_of_linux_form_no_circles =
            slices().matching("mckernelj.linuxhost.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule logback_is_seen_by_its_configuration_only = noClasses()
            .that()
            .haveNameNotMatching("mckernelj\\.node\\.LogConfiguration.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule nothing_static_can_change =
            fields().that().areStatic().and(WRITTEN_BY_US).should().beFinal();

    @ArchTest
    static final ArchRule names_say_what_a_thing_is =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Misc|Common)(\\$.*)?");
}
