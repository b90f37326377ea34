import dev.originsign.Command
import dev.originsign.Inputs
import dev.originsign.Result

/** Signs files by the origin of this build. originSign.txt says what it takes and returns. */
Map call(Map given = [:]) {
    Command command = new Command(this, 'originSign')
    String problem = Inputs.problem(Inputs.ofSign(), given)
    if (!problem.isEmpty()) command.fail(problem)
    List words = ['sign'] +
        Inputs.option(given, 'server', '--server') +
        Inputs.option(given, 'project', '--project') +
        Inputs.option(given, 'policy', '--policy') +
        Inputs.option(given, 'format', '--format') +
        Inputs.pairs(given, 'options', '--format-option') +
        Inputs.option(given, 'outputDirectory', '--output-directory') +
        Inputs.option(given, 'description', '--description') +
        Inputs.pairs(given, 'parameters', '--parameter') +
        Inputs.option(given, 'timeout', '--timeout') +
        Inputs.option(given, 'onTimeout', '--on-timeout') +
        Inputs.option(given, 'caFile', '--ca-file')
    if (given.wait == false) words = words + ['--no-wait']
    if (Inputs.isSet(given, 'dryRun')) words = words + ['--dry-run']
    Map document = command.run(words + ['--'] + Inputs.texts(given, 'files'), credentials(given))
    return Result.signed(document, pwd())
}

/** The credentials that the step binds, and the variables that the command reads them from. */
private List credentials(Map given) {
    String token = Inputs.text(given, 'tokenCredentialId', '')
    String certificate = Inputs.text(given, 'certificateCredentialId', '')
    String key = Inputs.text(given, 'certificateKeyCredentialId', '')
    String passphrase = Inputs.text(given, 'certificatePassphraseCredentialId', '')
    List bindings = []
    if (Inputs.text(given, 'tokenCredentialType', 'string') == 'file') {
        bindings = bindings + [file(credentialsId: token, variable: 'ORIGINSIGN_TOKEN_FILE')]
    } else {
        bindings = bindings + [string(credentialsId: token, variable: 'ORIGINSIGN_TOKEN')]
    }
    if (!certificate.isEmpty()) bindings = bindings + [file(credentialsId: certificate, variable: 'ORIGINSIGN_CLIENT_CERTIFICATE')]
    if (!key.isEmpty()) bindings = bindings + [file(credentialsId: key, variable: 'ORIGINSIGN_CLIENT_KEY')]
    if (!passphrase.isEmpty()) bindings = bindings + [string(credentialsId: passphrase, variable: 'ORIGINSIGN_CLIENT_PASSPHRASE')]
    return bindings
}
