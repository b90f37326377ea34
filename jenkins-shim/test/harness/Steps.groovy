/**
 * The steps of Jenkins that the library and the examples use, on this machine: `sh` runs a real shell with the environment of
 * the agent, of withEnv and of withCredentials; files are real. `bat` understands the few words of cmd that the library uses.
 * Everything that a step is given must be something that Jenkins can store.
 */
class Steps {
    /** Steps that were called, in order, with their arguments but for closures. */
    final List<Map> calls = []
    final StringBuilder log = new StringBuilder()
    private final Map given
    private final File resources
    private final List<Map<String, String>> environments = []
    private final List<File> folders = []
    private final File temporary

    Steps(Map given, File resources) {
        this.given = given
        this.resources = resources
        temporary = new File(given.workspace + '@tmp')
        folders << new File((String) given.workspace)
        environments << (Map<String, String>) given.environment
    }

    Object call(String name, Object[] arguments) {
        calls << [name: name, arguments: arguments.findAll { !(it instanceof Closure) }.collect { stored(name, it) }]
        if (!metaClass.respondsTo(this, 'do' + name.capitalize())) throw new MissingMethodException(name, Steps, arguments)
        return invokeMethod('do' + name.capitalize(), arguments)
    }

    Map<String, String> environment() {
        return environments.inject([:]) { all, one -> all + one }
    }

    private Object stored(String name, Object argument) {
        Closure<Void> check
        check = { Object value ->
            // Jenkins takes them, but a script that is put together holds what a stranger wrote.
            if (value instanceof GString && ['sh', 'bat'].contains(name)) throw new IllegalStateException("${name} was given a text with parts to fill in: ${value}")
            if (value instanceof Map) value.values().each(check)
            if (value instanceof List) value.each(check)
        }
        check(argument)
        new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(argument)
        return name == 'writeFile' && argument.text.length() > 10000 ? argument + [text: "${argument.text.length()} characters".toString()] : argument
    }

    private File fileOf(String path) {
        File file = new File(path)
        return file.absolute ? file : new File(folders.last(), path)
    }

    boolean doIsUnix() { given.unix }
    void doEcho(String text) { log << text << '\n' }
    void doError(String text) { throw new StepFailed(text) }
    String doPwd(Map options = [:]) { options.tmp ? temporary.path : folders.last().path }
    boolean doFileExists(String path) { fileOf(path).exists() }
    String doReadFile(Map options) { fileOf((String) options.file).getText((String) options.encoding) }
    void doDeleteDir() { folders.last().deleteDir() }
    void doArchiveArtifacts(Map options) {}

    void doWriteFile(Map options) {
        File file = fileOf((String) options.file)
        file.parentFile.mkdirs()
        file.setText((String) options.text, (String) options.encoding)
    }

    String doLibraryResource(Map options) {
        String name = options.resource
        return given.resources?.get(name) ?: new File(resources, name).getText((String) options.encoding)
    }

    Object doDir(String path, Closure body) {
        folders << fileOf(path)
        try { return body.call() } finally { folders.remove(folders.size() - 1) }
    }

    Object doWithEnv(List<String> variables, Closure body) {
        environments << variables.collectEntries { String one -> one.split('=', 2).toList() }
        try { return body.call() } finally { environments.remove(environments.size() - 1) }
    }

    Map doString(Map options) { [kind: 'string'] + options }
    Map doFile(Map options) { [kind: 'file'] + options }

    Object doWithCredentials(List<Map> bindings, Closure body) {
        File secrets = new File(temporary, 'secretFiles')
        environments << bindings.collectEntries { Map one -> [(one.variable): bound(one, secrets)] }
        try {
            return body.call()
        } finally {
            environments.remove(environments.size() - 1)
            secrets.deleteDir()
        }
    }

    private String bound(Map binding, File secrets) {
        Map credential = (Map) given.credentials[binding.credentialsId]
        if (credential == null) {
            throw new CredentialMissing("Could not find credentials entry with ID '${binding.credentialsId}'".toString())
        }
        if (credential.kind != binding.kind) {
            throw new CredentialMissing("Credentials '${binding.credentialsId}' is of type '${credential.kind}' where '${binding.kind}' was expected".toString())
        }
        String value = credential.url == null ? credential.value : new URL((String) credential.url).text
        if (binding.kind == 'string') return value
        secrets.mkdirs()
        File file = new File(secrets, (String) binding.variable)
        file.text = value
        return file.path
    }

    Object doSh(Map options) {
        String script = options.script
        return run(script, script.startsWith('#!/bin/sh\n') ? ['sh'] : ['sh', '-xe'], options)
    }

    Object doSh(String script) { doSh([script: script]) }

    Object doBat(Map options) {
        String script = ((String) options.script).trim()
        if (!script.startsWith('@node ') || script.replaceAll(/"[^"]*"/, '') =~ /[&|^<]/) throw new IllegalStateException("not imitated: ${script}")
        String words = script.substring(1).replace('2>NUL', '2>/dev/null').replaceAll(/%(\w+)%/, '\\$$1').replace('\\', '/')
        return run(words, ['sh'], options)
    }

    private Object run(String script, List<String> shell, Map options) {
        File file = File.createTempFile('script', '.sh')
        file.text = script
        ProcessBuilder builder = new ProcessBuilder(shell + [file.path]).directory(folders.last()).redirectErrorStream(true)
        builder.environment().clear()
        builder.environment().putAll(environment())
        Process process = builder.start()
        boolean isAborted = false
        process.inputStream.eachLine('UTF-8') { String line ->
            log << line << '\n'
            if (given.abortAt != null && line.contains((String) given.abortAt)) {
                isAborted = true
                process.toHandle().destroy()
            }
        }
        int status = process.waitFor()
        file.delete()
        if (isAborted) throw new Aborted('aborted by a person')
        if (options.returnStatus) return status
        if (status != 0) throw new StepFailed("script returned exit code ${status}".toString())
        return null
    }

    // The structure of a pipeline, scripted or declarative. What Jenkins checks of it, nothing here does.
    Object doNode(Object... given) { ((Closure) given.last()).call() }
    Object doStage(String name, Closure body) { log << "stage ${name}\n"; body.call() }
    Object doPipeline(Closure body) { body.call() }
    Object doStages(Closure body) { body.call() }
    Object doSteps(Closure body) { body.call() }
    Object doScript(Closure body) { body.call() }
    void doAgent(Object label) {}
    void doOptions(Closure body) {}
    void doCheckout(Object source) {}
}

/** What the step `error` throws. */
class StepFailed extends Exception {
    StepFailed(String message) { super(message) }
}

/** What a binding throws. */
class CredentialMissing extends Exception {
    CredentialMissing(String message) { super(message) }
}

/** What a build that is stopped throws. */
class Aborted extends Exception {
    Aborted(String message) { super(message) }
}
