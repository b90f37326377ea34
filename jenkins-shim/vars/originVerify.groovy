import dev.originsign.Command
import dev.originsign.Inputs
import dev.originsign.Result

/** Verifies signed files against a trust file and what they must come from. originVerify.txt says what it takes and returns. */
Map call(Map given = [:]) {
    Command command = new Command(this, 'originVerify')
    String problem = Inputs.problem(Inputs.ofVerify(), given)
    if (!problem.isEmpty()) command.fail(problem)
    List words = ['verify'] +
        Inputs.option(given, 'trust', '--trust') +
        Inputs.option(given, 'repository', '--repository') +
        Inputs.option(given, 'project', '--project') +
        Inputs.option(given, 'ref', '--ref') +
        Inputs.option(given, 'workflow', '--workflow') +
        Inputs.option(given, 'policy', '--policy') +
        Inputs.option(given, 'builder', '--builder') +
        Inputs.option(given, 'format', '--format') +
        Inputs.option(given, 'receipt', '--receipt') +
        Inputs.option(given, 'provenance', '--provenance')
    if (Inputs.isSet(given, 'recursive')) words = words + ['--recursive']
    if (Inputs.isSet(given, 'requireSigned')) words = words + ['--require-signed']
    if (Inputs.isSet(given, 'trial')) words = words + ['--trial']
    Map document = command.run(words + ['--'] + Inputs.texts(given, 'files'), [])
    return Result.verified(document, pwd())
}
