package dev.adpipe.output;

import dev.adpipe.runtime.JobMain;

/** The output job as a process of its own. */
public final class OutputMain {
    private OutputMain() {}

    /**
     * @param args see {@link JobMain#main}
     */
    public static void main(String[] args) {
        JobMain.main(new OutputStage(), args);
    }
}
