import com.cloudbees.groovy.cps.Continuable
import com.cloudbees.groovy.cps.Continuation
import com.cloudbees.groovy.cps.CpsTransformer
import com.cloudbees.groovy.cps.Env
import com.cloudbees.groovy.cps.Envs
import com.cloudbees.groovy.cps.ObjectInputStreamWithLoader
import com.cloudbees.groovy.cps.Outcome
import com.cloudbees.groovy.cps.SandboxCpsTransformer
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation
import com.cloudbees.groovy.cps.sandbox.SandboxInvoker
import org.codehaus.groovy.runtime.InvokerInvocationException

/**
 * One run of a pipeline by the interpreter of Jenkins, groovy-cps. At every step the whole program becomes bytes and a program
 * again, as when the controller restarts there. With a list of what the sandbox allows, it runs in the sandbox.
 */
class Pipeline {
    static Pipeline running
    private static final Whitelist LIST = Whitelist.named(System.getenv('ORIGINSIGN_JENKINS_WHITELIST'))
    private static int restarts = 0
    private static int largest = 0
    private static SharedLibrary library
    final Steps steps
    private List<Continuable> programs = []

    Pipeline(Steps steps, File folder) {
        this.steps = steps
        if (library == null) library = new SharedLibrary(folder, LIST == null ? new CpsTransformer() : new SandboxCpsTransformer())
    }

    /** What the runs together show, and null where the sandbox would have refused nothing. */
    static String report() {
        println "groovy-cps: ${restarts} restarts, at most ${largest} bytes, sandbox ${LIST == null ? 'off' : 'on'}"
        return LIST == null || LIST.refused.isEmpty() ? null : "The sandbox refuses ${LIST.refused.join('; ')}."
    }

    Object run(String text) {
        running = this
        return interpret(new Continuable(library.shell.parse(text, 'Jenkinsfile.groovy'), scope()))
    }

    static Object global(String name) { library.global(name) }

    private Env scope() { LIST == null ? Envs.empty() : Envs.empty(new SandboxInvoker()) }

    private Object interpret(Continuable program) {
        programs << program
        int depth = programs.size() - 1
        Outcome outcome = new Outcome(null, null)
        while (true) {
            Outcome next = programs[depth].run0(outcome)
            if (!programs[depth].isResumable()) {
                programs.remove(depth)
                return next.replay()
            }
            outcome = perform(restarted((StepCall) next.replay()))
        }
    }

    private StepCall restarted(StepCall call) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream()
        new ObjectOutputStream(bytes).writeObject([programs, call])
        restarts += 1
        largest = Math.max(largest, bytes.size())
        List back = (List) new ObjectInputStreamWithLoader(new ByteArrayInputStream(bytes.toByteArray()), library.shell.classLoader).readObject()
        programs = (List<Continuable>) back[0]
        return (StepCall) back[1]
    }

    private Outcome perform(StepCall call) {
        Object[] arguments = call.arguments.collect { it instanceof Closure ? body((Closure) it) : it }
        try {
            return new Outcome(steps.call(call.name, arguments), null)
        } catch (InvokerInvocationException failure) {
            return new Outcome(null, failure.cause)
        } catch (Exception failure) {
            return new Outcome(null, failure)
        }
    }

    private Closure body(Closure transformed) {
        return { Object... ignored ->
            try {
                transformed.call()
            } catch (CpsCallableInvocation call) {
                return interpret(new Continuable(call.invoke(scope(), null, Continuation.HALT)))
            }
        }
    }
}
