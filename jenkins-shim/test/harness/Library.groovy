/** Stands in for the annotation that loads shared libraries: here there is one, and it is loaded. */
@interface Library {
    String[] value()
}
