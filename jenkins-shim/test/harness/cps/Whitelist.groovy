import org.kohsuke.groovy.sandbox.GroovyInterceptor

/**
 * The list of what scripts may call (`generic-whitelist` of the script security plugin), looked up by name, receiver and
 * arguments: simpler than the plugin does it, and no laxer for what this library calls.
 */
class Whitelist extends GroovyInterceptor {
    private static final Map<String, Class> CLASSES = [:]
    final Set<String> refused = new TreeSet<String>()
    private final Map<String, List<List<String>>> entries = [:].withDefault { [] }

    static Whitelist named(String path) {
        if (path == null) return null
        Whitelist list = new Whitelist()
        new File(path).eachLine { String line ->
            List<String> words = line.tokenize(' ')
            if (words.size() > 1) list.entries[words[0] == 'new' ? 'new' : words[0] + ' ' + words[2]] << words
        }
        list.register()
        return list
    }

    private static boolean isOwn(Class type) {
        return Closure.isAssignableFrom(type) || GString.isAssignableFrom(type) || (type.classLoader instanceof GroovyClassLoader && type != Steps)
    }

    private static boolean fits(String type, Object value) {
        if (value == null || type.endsWith('[]')) return true
        // Primitives have no dot, and classes of Jenkins are not here.
        if (!type.contains('.')) return value instanceof Number || value instanceof Boolean || value instanceof Character
        Class known = CLASSES.computeIfAbsent(type) { String name ->
            try { Class.forName(name, false, Whitelist.classLoader) } catch (ClassNotFoundException ignored) { Whitelist }
        }
        return known.isInstance(value) || (value instanceof GString && known.isAssignableFrom(String))
    }

    private static boolean fit(List<String> types, List values) {
        return types.size() == values.size() && [types, values].transpose().every { fits((String) it[0], it[1]) }
    }

    private void check(boolean isAllowed, String what) {
        if (!isAllowed) refused << what
    }

    private boolean isMethod(Object receiver, String name, List values) {
        return isOwn(receiver.getClass()) ||
            entries['method ' + name].any { fits(it[1], receiver) && fit(it.drop(3), values) } ||
            entries['staticMethod ' + name].any { it[1].startsWith('org.codehaus.groovy.runtime.') && fit(it.drop(3), [receiver] + values) }
    }

    @Override
    Object onMethodCall(GroovyInterceptor.Invoker invoker, Object receiver, String name, Object... values) {
        check(isMethod(receiver, name, values.toList()), "method ${receiver.getClass().name} ${name}")
        return super.onMethodCall(invoker, receiver, name, values)
    }

    @Override
    Object onStaticCall(GroovyInterceptor.Invoker invoker, Class receiver, String name, Object... values) {
        boolean isListed = entries['staticMethod ' + name].any { it[1] == receiver.name && fit(it.drop(3), values.toList()) }
        check(isOwn(receiver) || isListed, "staticMethod ${receiver.name} ${name}")
        return super.onStaticCall(invoker, receiver, name, values)
    }

    @Override
    Object onNewInstance(GroovyInterceptor.Invoker invoker, Class receiver, Object... values) {
        check(isOwn(receiver) || entries['new'].any { it[1] == receiver.name && fit(it.drop(2), values.toList()) }, "new ${receiver.name}")
        return super.onNewInstance(invoker, receiver, values)
    }

    @Override
    Object onGetProperty(GroovyInterceptor.Invoker invoker, Object receiver, String name) {
        check(receiver instanceof Map || isOwn(receiver.getClass()), "property ${receiver.getClass().name} ${name}")
        return super.onGetProperty(invoker, receiver, name)
    }

    @Override
    Object onSetProperty(GroovyInterceptor.Invoker invoker, Object receiver, String name, Object value) {
        check(isOwn(receiver.getClass()), "set ${receiver.getClass().name} ${name}")
        return super.onSetProperty(invoker, receiver, name, value)
    }
}
