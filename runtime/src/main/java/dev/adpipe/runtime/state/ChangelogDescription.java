package dev.adpipe.runtime.state;

import java.util.Map;

/** Changelog records for a person's eyes. Stateless; any thread may call it. */
public final class ChangelogDescription {
    private ChangelogDescription() {}

    /** One line of text; says so if the bytes are not a changelog record's. */
    public static String describe(byte[] key, byte[] value) {
        try {
            ChangelogChange change = ChangelogCodec.decode(key, value);
            if (change instanceof ChangelogChange.Task task) {
                return describe(task.task());
            }
            String name = Printable.text(ChangelogCodec.keyOf(key));
            if (change instanceof EntriesChange entries) {
                return describe(name, entries);
            }
            return "CLOSE " + name + " birth=" + ((ChangelogChange.Close) change).birth();
        } catch (MalformedBytesException e) {
            return "not a changelog record: " + e.getMessage();
        }
    }

    private static String describe(TaskRecord task) {
        StringBuilder text = new StringBuilder("TASK births=").append(task.births());
        task.cursor()
                .ifPresent(cursor -> text.append(" cursor=(")
                        .append(Printable.time(cursor.order()))
                        .append(", ")
                        .append(Printable.text(cursor.key()))
                        .append(')'));
        task.bytes().ifPresent(bytes -> text.append(" record=").append(Printable.text(bytes)));
        return text.toString();
    }

    private static String describe(String key, EntriesChange change) {
        StringBuilder text = new StringBuilder(change.full() ? "FULL " : "DELTA ")
                .append(key)
                .append(" birth=")
                .append(change.birth())
                .append(" deadline=")
                .append(Printable.time(change.deadline()))
                .append(" due=")
                .append(Printable.time(change.due()));
        for (Map.Entry<byte[], byte[]> set : change.sets()) {
            text.append(" +")
                    .append(Printable.text(set.getKey()))
                    .append('[')
                    .append(set.getValue().length)
                    .append(" bytes]");
        }
        change.removals().forEach(name -> text.append(" -").append(Printable.text(name)));
        return text.toString();
    }
}
