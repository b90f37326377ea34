package dev.originsign

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonOutput

/**
 * What a Jenkinsfile gives to a step: checked, and turned into the words of the command. Pure code that Jenkins runs as plain
 * Groovy: it holds no steps and leaves nothing behind but texts, lists and maps.
 */
class Inputs implements Serializable {
    private static final long serialVersionUID = 1L

    /** Inputs of originSign by name. A kind ends with "!" where the input is required. */
    @NonCPS
    static Map<String, String> ofSign() {
        return [
            server: 'text!',
            project: 'text!',
            policy: 'text!',
            files: 'texts!',
            tokenCredentialId: 'text!',
            tokenCredentialType: 'string|file',
            format: 'text',
            options: 'pairs',
            outputDirectory: 'text',
            description: 'text',
            parameters: 'pairs',
            wait: 'flag',
            timeout: 'text',
            onTimeout: 'cancel|leave',
            dryRun: 'flag',
            caFile: 'text',
            certificateCredentialId: 'text',
            certificateKeyCredentialId: 'text',
            certificatePassphraseCredentialId: 'text',
        ]
    }

    /** Inputs of originVerify by name. */
    @NonCPS
    static Map<String, String> ofVerify() {
        return [
            files: 'texts!',
            trust: 'text!',
            repository: 'text!',
            project: 'text!',
            ref: 'text',
            workflow: 'text',
            policy: 'text',
            builder: 'text',
            format: 'text',
            receipt: 'texts',
            provenance: 'texts',
            recursive: 'flag',
            requireSigned: 'flag',
            trial: 'flag',
        ]
    }

    /** What is wrong with the inputs, as one sentence for the person who wrote them; empty where nothing is. */
    @NonCPS
    static String problem(Map<String, String> kinds, Map given) {
        for (Object key : given.keySet()) {
            String name = String.valueOf(key)
            if (!kinds.containsKey(name)) return 'There is no input "' + name + '"' + suggestion(name, kinds.keySet()) + '.'
        }
        for (Map.Entry<String, String> entry : kinds.entrySet()) {
            String kind = entry.getValue()
            Object value = given.get(entry.getKey())
            if (isAbsent(value)) {
                if (kind.endsWith('!')) return 'The input ' + entry.getKey() + ' is missing.'
            } else {
                String allowed = refusal(kind.replace('!', ''), value)
                if (!allowed.isEmpty()) return 'The input ' + entry.getKey() + ' takes ' + allowed + '.'
            }
        }
        return ''
    }

    /** A text that was given, or else the other one. */
    @NonCPS
    static String text(Map given, String name, String otherwise) {
        Object value = given.get(name)
        return isAbsent(value) ? otherwise : String.valueOf(value)
    }

    /** Every text of an input that takes one or several. */
    @NonCPS
    static List<String> texts(Map given, String name) {
        Object value = given.get(name)
        List<String> found = []
        if (isAbsent(value)) return found
        for (Object one : (value instanceof List ? (List) value : [value])) found.add(String.valueOf(one))
        return found
    }

    /** True where a flag was given and says so. */
    @NonCPS
    static boolean isSet(Map given, String name) {
        return given.get(name) == true
    }

    /** One word of the command for an option that was given, none else. The name and the value cannot be taken apart. */
    @NonCPS
    static List<String> option(Map given, String name, String option) {
        List<String> words = []
        for (String value : texts(given, name)) words.add(option + '=' + value)
        return words
    }

    /** Words of the command for pairs. */
    @NonCPS
    static List<String> pairs(Map given, String name, String option) {
        List<String> words = []
        Object value = given.get(name)
        if (isAbsent(value)) return words
        for (Map.Entry<Object, Object> pair : ((Map<Object, Object>) value).entrySet()) {
            words.add(option + '=' + String.valueOf(pair.getKey()) + '=' + String.valueOf(pair.getValue()))
        }
        return words
    }

    /** The file that the command reads its words from. Texts with other than ASCII characters are escaped. */
    @NonCPS
    static String argumentsFile(List<String> words) {
        Map<String, List<String>> document = [arguments: words]
        return JsonOutput.toJson(document)
    }

    @NonCPS
    private static boolean isAbsent(Object value) {
        if (value == null) return true
        if (value instanceof CharSequence) return String.valueOf(value).isEmpty()
        return value instanceof Collection && ((Collection) value).isEmpty()
    }

    /** What an input of this kind takes where the value is something else; empty where it fits. */
    @NonCPS
    private static String refusal(String kind, Object value) {
        if (kind == 'flag') return value instanceof Boolean ? '' : 'true or false'
        if (kind == 'pairs') return isPairs(value) ? '' : 'a map of names and values'
        if (kind == 'texts') return isTexts(value) ? '' : 'a text or a list of texts'
        if (!(value instanceof CharSequence)) return 'a text'
        if (kind == 'text') return ''
        List<String> allowed = kind.split('\\|').toList()
        return allowed.contains(String.valueOf(value)) ? '' : allowed.join(' or ')
    }

    @NonCPS
    private static boolean isTexts(Object value) {
        if (value instanceof CharSequence) return true
        if (!(value instanceof List)) return false
        for (Object one : (List) value) if (!(one instanceof CharSequence)) return false
        return true
    }

    @NonCPS
    private static boolean isPairs(Object value) {
        if (!(value instanceof Map)) return false
        for (Object one : ((Map) value).values()) {
            if (!(one instanceof CharSequence || one instanceof Number || one instanceof Boolean)) return false
        }
        return true
    }

    @NonCPS
    private static String suggestion(String name, Collection<String> known) {
        String nearest = ''
        int least = 3
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(), candidate.toLowerCase())
            if (distance < least) {
                least = distance
                nearest = candidate
            }
        }
        return nearest.isEmpty() ? '; it takes ' + known.join(', ') : '; did you mean ' + nearest + '?'
    }

    /** Letters to insert, take away or replace until one text is the other (Levenshtein). */
    @NonCPS
    private static int distance(String one, String other) {
        List<Integer> above = []
        for (int column = 0; column <= other.length(); column++) above.add(column)
        for (int row = 1; row <= one.length(); row++) {
            List<Integer> line = []
            line.add(row)
            for (int column = 1; column <= other.length(); column++) {
                int replaced = above.get(column - 1) + (one.substring(row - 1, row) == other.substring(column - 1, column) ? 0 : 1)
                line.add(Math.min(replaced, Math.min(above.get(column), line.get(column - 1)) + 1))
            }
            above = line
        }
        return above.get(other.length())
    }
}
