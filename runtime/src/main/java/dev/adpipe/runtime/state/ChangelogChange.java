package dev.adpipe.runtime.state;

/** What one changelog record says. */
sealed interface ChangelogChange permits EntriesChange, ChangelogChange.Close, ChangelogChange.Task {

    /** The life with this number has ended. */
    record Close(long birth) implements ChangelogChange {}

    /** The task's own record. */
    record Task(TaskRecord task) implements ChangelogChange {}
}
