/** What every script of a pipeline has: the steps, the global variables of the library, `env`, and words without meaning. */
abstract class PipelineScript extends Script {
    Object methodMissing(String name, Object arguments) {
        Object global = Pipeline.global(name)
        return global == null ? Pipeline.running.steps.call(name, (Object[]) arguments) : global.invokeMethod('call', arguments)
    }

    Object propertyMissing(String name) {
        if (name == 'env') return Pipeline.running.steps.environment()
        if (['any', 'none', 'scm', '_'].contains(name)) return name
        throw new MissingPropertyException(name, PipelineScript)
    }
}
