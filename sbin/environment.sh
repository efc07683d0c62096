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

# find_java: the newest JDK or JRE from 17 on; MCKERNELJ_JAVA_HOME wins
find_java() {
    if [ -n "$MCKERNELJ_JAVA_HOME" ]; then
        java=$MCKERNELJ_JAVA_HOME/bin/java
        return 0
    fi
    best=0
    java=
    for candidate in /usr/lib/jvm/*/release "$JAVA_HOME/release"; do
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
    done
    # newer JVMs warn about native libraries otherwise
    [ "$best" -lt 22 ] || jvm_options="$jvm_options --enable-native-access=ALL-UNNAMED"
    [ -n "$java" ] || java=$(command -v java) || {
        echo "${0##*/}: no Java 17 or newer was found; install one (Debian: apt-get install openjdk-17-jdk-headless)" >&2
        return 1
    }
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
