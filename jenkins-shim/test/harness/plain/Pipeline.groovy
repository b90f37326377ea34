/** One run of a pipeline as plain Groovy. */
class Pipeline {
    static Pipeline running
    private static SharedLibrary library
    final Steps steps

    Pipeline(Steps steps, File folder) {
        this.steps = steps
        if (library == null) library = new SharedLibrary(folder)
    }

    /** What is wrong with all runs together: there is nothing to look for. */
    static String report() { null }

    static Object global(String name) { library.global(name) }

    Object run(String text) {
        running = this
        return library.shell.parse(text, 'Jenkinsfile.groovy').run()
    }
}
