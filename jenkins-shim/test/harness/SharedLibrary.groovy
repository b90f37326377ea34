import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.customizers.CompilationCustomizer
import org.codehaus.groovy.control.customizers.ImportCustomizer

/** The library under test, compiled once for all runs. */
class SharedLibrary {
    final GroovyShell shell
    private final File folder
    private final Map<String, Object> globals = [:]

    SharedLibrary(File folder, CompilationCustomizer... customizers) {
        this.folder = folder
        CompilerConfiguration compiler = new CompilerConfiguration()
        compiler.scriptBaseClass = 'PipelineScript'
        ImportCustomizer imports = new ImportCustomizer()
        imports.addImports('com.cloudbees.groovy.cps.NonCPS')
        compiler.addCompilationCustomizers(imports)
        compiler.addCompilationCustomizers(customizers)
        shell = new GroovyShell(SharedLibrary.classLoader, new Binding(), compiler)
        shell.classLoader.addClasspath(new File(folder, 'src').path)
    }

    /** The global variable of this name, or null where there is none. */
    Object global(String name) {
        File file = new File(folder, "vars/${name}.groovy")
        if (!globals.containsKey(name)) globals[name] = file.isFile() ? shell.parse(file) : null
        return globals[name]
    }
}
