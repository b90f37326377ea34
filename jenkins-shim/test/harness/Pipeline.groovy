import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.customizers.ImportCustomizer

/** One run of a pipeline: its scripts, and where the names in them lead. */
class Pipeline {
    private static final List<String> WORDS = ['any', 'none', '_']
    final Steps steps
    private final File library
    private final GroovyShell shell
    private final Map<String, Object> globals = [:]

    Pipeline(Steps steps, File library) {
        this.steps = steps
        this.library = library
        CompilerConfiguration compiler = new CompilerConfiguration()
        compiler.scriptBaseClass = 'PipelineScript'
        ImportCustomizer imports = new ImportCustomizer()
        imports.addImports('com.cloudbees.groovy.cps.NonCPS')
        compiler.addCompilationCustomizers(imports)
        GroovyClassLoader loader = new GroovyClassLoader(Pipeline.classLoader, compiler)
        loader.addClasspath(new File(library, 'src').path)
        shell = new GroovyShell(loader, new Binding(pipeline: this), compiler)
    }

    Object run(String text) {
        return shell.parse(text, 'Jenkinsfile.groovy').run()
    }

    Object call(String name, Object[] arguments) {
        File file = new File(library, "vars/${name}.groovy")
        if (!file.isFile()) return steps.call(name, arguments)
        if (!globals.containsKey(name)) globals[name] = shell.parse(file)
        return globals[name].invokeMethod('call', arguments)
    }

    Object get(String name) {
        if (name == 'env') return steps.environment()
        if (WORDS.contains(name)) return name
        throw new MissingPropertyException(name, Pipeline)
    }
}
