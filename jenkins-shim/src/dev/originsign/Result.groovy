package dev.originsign

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurper

/** Reads the document that the command leaves. Pure code; what it returns survives a restart of the controller. */
class Result implements Serializable {
    private static final long serialVersionUID = 1L

    /** The document; empty where the text is empty. */
    @NonCPS
    static Map parse(String text) {
        return text.isEmpty() ? [:] : (Map) plain(new JsonSlurper().parseText(text))
    }

    /** One sentence about a command that failed, for the last line of a build. The lines above it say more. */
    @NonCPS
    static String failure(int status, Map document) {
        Map error = (Map) document.get('error')
        if (error != null) return withoutStop(String.valueOf(error.get('message'))) + ' [' + String.valueOf(error.get('code')) + ']'
        if (status == 1) return 'not verified; the lines above say what failed'
        if (status == 3) return 'denied; the lines above say why'
        return 'the command ended with status ' + status + '; the lines above say why'
    }

    /** What originSign returns. Paths are relative to the folder, with forward slashes. */
    @NonCPS
    static Map signed(Map document, String folder) {
        Map result = [
            requestId: document.get('requestId'),
            requestUrl: document.get('requestUrl'),
            status: document.containsKey('decision') ? decided(document) : document.get('status'),
            files: files(document, folder),
        ]
        if (document.containsKey('provenancePath')) result.put('provenancePath', path(document.get('provenancePath'), folder))
        if (document.containsKey('receiptPath')) result.put('receiptPath', path(document.get('receiptPath'), folder))
        return result
    }

    /** What originVerify returns. */
    @NonCPS
    static Map verified(Map document, String folder) {
        List<Map> shown = []
        for (Object one : (List) document.get('files')) {
            Map file = [:]
            file.putAll((Map) one)
            file.put('path', path(file.get('path'), folder))
            shown.add(file)
        }
        Map result = [verified: document.get('verified'), files: shown]
        if (document.containsKey('skipped')) result.put('skipped', document.get('skipped'))
        return result
    }

    @NonCPS
    private static String decided(Map document) {
        return document.get('decision') == 'allow' ? 'allowed' : 'denied'
    }

    @NonCPS
    private static List<Map> files(Map document, String folder) {
        List<Map> shown = []
        for (Object one : (List) document.get('files')) {
            Map file = (Map) one
            Map entry = [name: file.get('name'), path: path(file.containsKey('output') ? file.get('output') : file.get('path'), folder)]
            if (file.containsKey('signaturePath')) entry.put('signature', path(file.get('signaturePath'), folder))
            entry.put('format', file.get('format'))
            entry.put('coveredDigest', file.get('coveredDigest'))
            if (file.get('key') instanceof Map) entry.put('key', ((Map) file.get('key')).get('label'))
            if (file.containsKey('timestamp')) entry.put('timestamp', file.get('timestamp'))
            shown.add(entry)
        }
        return shown
    }

    @NonCPS
    private static String path(Object given, String folder) {
        String file = String.valueOf(given).replace('\\', '/')
        String start = folder.replace('\\', '/') + '/'
        // Windows spells one folder with a small or a large drive letter.
        boolean below = file.length() > start.length() && file.substring(0, start.length()).equalsIgnoreCase(start)
        return below ? file.substring(start.length()) : file
    }

    /** Lists and maps that can be stored: those of the parser cannot. */
    @NonCPS
    private static Object plain(Object value) {
        if (value instanceof Map) {
            Map copy = [:]
            for (Map.Entry entry : ((Map) value).entrySet()) copy.put(entry.getKey(), plain(entry.getValue()))
            return copy
        }
        if (value instanceof List) {
            List copy = []
            for (Object one : (List) value) copy.add(plain(one))
            return copy
        }
        return value
    }

    @NonCPS
    private static String withoutStop(String sentence) {
        return sentence.endsWith('.') ? sentence.substring(0, sentence.length() - 1) : sentence
    }
}
