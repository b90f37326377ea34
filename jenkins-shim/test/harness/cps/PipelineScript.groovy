import com.cloudbees.groovy.cps.Continuable
import com.cloudbees.groovy.cps.SerializableScript
import org.codehaus.groovy.runtime.InvokerHelper

/** What every script of a pipeline has: the steps, the global variables of the library, `env`, and words without meaning. */
abstract class PipelineScript extends SerializableScript {
    private static final long serialVersionUID = 1L

    @Override
    Object invokeMethod(String name, Object arguments) {
        Object global = Pipeline.global(name)
        if (global == null) return Continuable.suspend(name, new StepCall(name: name, arguments: ((Object[]) arguments).toList()))
        return InvokerHelper.getMetaClass(global).invokeMethod(global, 'call', (Object[]) arguments)
    }

    @Override
    Object getProperty(String name) {
        if (name == 'env') return Pipeline.running.steps.environment()
        return ['any', 'none', 'scm', '_'].contains(name) ? name : super.getProperty(name)
    }
}
