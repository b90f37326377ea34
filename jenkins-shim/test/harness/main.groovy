import groovy.json.JsonOutput
import groovy.json.JsonSlurperClassic

// Runs many pipelines in one JVM: args are the folder of the library, the JSON file with the runs, and where the outcomes go.
File library = new File(args[0])
List<Map> outcomes = ((List<Map>) new JsonSlurperClassic().parse(new File(args[1]))).collect { Map run ->
    Steps steps = new Steps(run, new File(library, 'resources'))
    Map outcome = [:]
    try {
        Object result = new Pipeline(steps, library).run((String) run.script)
        new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(result)
        outcome.result = result
    } catch (Exception failure) {
        outcome.failure = [kind: failure.class.name, message: failure.message]
    }
    return outcome + [log: steps.log.toString(), calls: steps.calls]
}
new File(args[2]).setText(JsonOutput.toJson(outcomes), 'UTF-8')
String problem = Pipeline.report()
if (problem != null) throw new IllegalStateException(problem)
