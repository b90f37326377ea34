/** A step that a pipeline calls: its program stands still until the step has ended. */
class StepCall implements Serializable {
    private static final long serialVersionUID = 1L
    String name
    List arguments
}
