package dev.adpipe.join;

import dev.adpipe.runtime.JobMain;

/** The join job as a process of its own. */
public final class JoinMain {
    private JoinMain() {}

    /**
     * @param args see {@link JobMain#main}
     */
    public static void main(String[] args) {
        JobMain.main(new JoinStage(), args);
    }
}
