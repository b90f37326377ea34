/** What every script of a pipeline has: the steps, the global variables of the library, `env`, and words without meaning. */
abstract class PipelineScript extends Script {
    Object methodMissing(String name, Object arguments) {
        return ((Pipeline) binding.getVariable('pipeline')).call(name, (Object[]) arguments)
    }

    Object propertyMissing(String name) {
        return ((Pipeline) binding.getVariable('pipeline')).get(name)
    }
}
