package dev.originsign

/**
 * Runs the `originsign` command that this library carries, on the agent. What users wrote reaches it in a file and secrets in
 * its environment: nothing of either is ever part of a shell script. All effects are plain steps of the pipeline.
 */
class Command implements Serializable {
    private static final long serialVersionUID = 1L

    /** The script of the step: its methods are the steps. */
    private final Object steps
    /** Name of the step, for what people read. */
    private final String name

    Command(Object steps, String name) {
        this.steps = steps
        this.name = name
    }

    /**
     * Runs the command with these words and returns its document; fails the build with one sentence where it fails. The
     * credentials are bound last: a token is as old as its binding.
     */
    Map run(List words, List credentials) {
        String folder = steps.pwd(tmp: true) + '/originsign-' + UUID.randomUUID().toString()
        String result = folder + '/result.json'
        int status = 0
        Map document = [:]
        try {
            steps.writeFile(
                file: folder + '/originsign.mjs',
                text: steps.libraryResource(resource: 'originsign/dist/originsign.mjs', encoding: 'UTF-8'),
                encoding: 'UTF-8')
            steps.writeFile(
                file: folder + '/arguments.json',
                text: Inputs.argumentsFile(['--json-file=' + result] + words),
                encoding: 'UTF-8')
            status = start(folder, credentials)
            if (steps.fileExists(result)) document = Result.parse(steps.readFile(file: result, encoding: 'UTF-8'))
        } finally {
            steps.dir(folder) { steps.deleteDir() }
        }
        if (status != 0 && document.isEmpty()) explainNode()
        if (status != 0) fail(Result.failure(status, document))
        return document
    }

    /** Fails the build with one sentence. */
    void fail(String sentence) {
        steps.error(name + ': ' + sentence)
    }

    /** Says where Node.js is what is missing. Looked for only then: every script costs a second on a busy agent. */
    private void explainNode() {
        int status = 0
        if (steps.isUnix()) {
            status = steps.sh(
                label: 'OriginSign: look for Node.js',
                returnStatus: true,
                script: '''#!/bin/sh
node -e "const v = process.versions.node.split('.'); process.exit(v[0] * 100 + Number(v[1]) < 2019 ? 3 : 0)" 2>/dev/null''')
        } else {
            status = steps.bat(
                label: 'OriginSign: look for Node.js',
                returnStatus: true,
                script: '''@node -e "const v = process.versions.node.split('.'); process.exit(v[0] * 100 + Number(v[1]) < 2019 ? 3 : 0)" 2>NUL''')
        }
        String remedy = 'install Node.js 20.19 or later on the agent, or wrap the step in nodejs(...) or a container that has it.'
        if (status == 3) fail('The Node.js of this agent is too old; ' + remedy)
        if (status != 0) fail('There is no Node.js on the PATH of this agent; ' + remedy)
    }

    /** Only one token counts: what stands in the environment of the build besides is taken out of the way. */
    private int start(String folder, List credentials) {
        int status = 0
        steps.withEnv(['ORIGINSIGN_STEP=' + folder, 'ORIGINSIGN_TOKEN=', 'ORIGINSIGN_TOKEN_FILE=']) {
            status = credentials.isEmpty() ? node() : nodeWithSecrets(credentials)
        }
        return status
    }

    private int nodeWithSecrets(List credentials) {
        boolean isBound = false
        int status = 0
        try {
            steps.withCredentials(credentials) {
                isBound = true
                status = node()
            }
        } catch (Exception failure) {
            String reason = String.valueOf(failure.getMessage())
            // What Jenkins says of a credential begins so; a build that somebody stopped must stay one.
            if (isBound || !(reason.startsWith('Could not find credentials') || reason.startsWith('Credentials '))) throw failure
            steps.echo('hint: the credential must lie in the folder of this job or above it, and its kind must fit: ' +
                '"OpenID Connect id token" and "Secret text" are strings, "OpenID Connect id token as file" and "Secret file" are files')
            fail(reason)
        }
        return status
    }

    private int node() {
        if (steps.isUnix()) {
            return steps.sh(
                label: 'OriginSign: ' + name,
                returnStatus: true,
                script: '''#!/bin/sh
exec node "$ORIGINSIGN_STEP/originsign.mjs" "@$ORIGINSIGN_STEP/arguments.json"''')
        }
        return steps.bat(
            label: 'OriginSign: ' + name,
            returnStatus: true,
            script: '@node "%ORIGINSIGN_STEP%\\originsign.mjs" "@%ORIGINSIGN_STEP%\\arguments.json"')
    }
}
