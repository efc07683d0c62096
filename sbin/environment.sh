# Sourced by the scripts of this directory: finds the project, a JDK and the node's runtime directory. Forks nothing unless it must.
# Wants: self (this directory's script, links resolved). Sets: home (project root), java, classes (class path), dir (runtime directory), node (name of the node)

home=${self%/*}/..

node=${MCKERNELJ_NODE:-node}
if [ -n "$MCKERNELJ_RUNTIME" ]; then
    dir=$MCKERNELJ_RUNTIME
elif [ -n "$XDG_RUNTIME_DIR" ] && [ -d "$XDG_RUNTIME_DIR" ]; then
    dir=$XDG_RUNTIME_DIR/mckernelj
else
    dir=/tmp/mckernelj-$(id -u)
fi

# jvm_options: for every JVM of the project; the libraries' directory spares JNA a search
jvm_options="--add-exports java.base/jdk.internal.misc=ALL-UNNAMED -Djna.platform.library.path=/lib/x86_64-linux-gnu -Djna.nosys=true"

# jit_options: for JVMs that run guests. Translated code is large methods that call many small ones; it costs HotSpot's compilers more time than
# most of it is worth, so the second compiler (tier 4) waits until it is (docs/performance.md). The emulator tells it what to compile, through
# WhiteBoxAPI (docs/adr/0012-a-quick-tier.md, 0013 for the limits of traps and loops); the JVM would warn about each method of that which is not used.
jit_options="-XX:-ClipInlining -XX:Tier3DelayOn=100 -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=5000
    -XX:Tier4CompileThreshold=60000 -XX:Tier4BackEdgeThreshold=400000 -XX:ProfileMaturityPercentage=2 -XX:PerMethodTrapLimit=0
    -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI -XX:-DisplayVMOutput"

# find_java: the newest JDK or JRE from 17 on; MCKERNELJ_JAVA_HOME wins. Sets: java, best (its feature number)
find_java() {
    best=0
    java=
    for candidate in ${MCKERNELJ_JAVA_HOME:+"$MCKERNELJ_JAVA_HOME/release"} /usr/lib/jvm/*/release "$JAVA_HOME/release"; do
        [ -r "$candidate" ] || continue
        while IFS='=' read -r key value; do
            [ "$key" = JAVA_VERSION ] || continue
            value=${value#\"}
            value=${value%%[!0-9]*}
            if [ "${value:-0}" -ge 17 ] && [ "$value" -gt "$best" ] && [ -x "${candidate%/release}/bin/java" ]; then
                best=$value
                java=${candidate%/release}/bin/java
            fi
        done <"$candidate"
        [ -n "$MCKERNELJ_JAVA_HOME" ] && [ -n "$java" ] && break
    done
    [ -n "$java" ] || java=$(command -v java) || {
        echo "${0##*/}: no Java 17 or newer was found; install one (Debian: apt-get install openjdk-17-jdk-headless)" >&2
        return 1
    }
    [ "$best" -lt 22 ] || jvm_options="$jvm_options --enable-native-access=ALL-UNNAMED"
}

# find_classes: the built jars
find_classes() {
    classes=$home/sbin/target/lib
    [ -d "$classes" ] || {
        echo "${0##*/}: McKernel/J is not built yet; run sbin/quickstart" >&2
        return 1
    }
    classes="$classes/*"
}

# find_archive: adds to jvm_options a class data archive of the node, which saves a third of its start-up time. The first node makes it when it
# ends. The JVM checks that it fits the classes; if it does not, the JVM starts without it.
find_archive() {
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/mckernelj
    [ "$best" -gt 0 ] && mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || return 0
    archive=$cache/node-java$best.jsa
    if [ "$best" -ge 19 ]; then
        jvm_options="$jvm_options -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=$archive"
    elif [ "$archive" -nt "$home/sbin/target/lib" ]; then
        jvm_options="$jvm_options -XX:SharedArchiveFile=$archive"
    else
        jvm_options="$jvm_options -XX:ArchiveClassesAtExit=$archive"
    fi
}
